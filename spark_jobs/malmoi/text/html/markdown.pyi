from malmoi.text.html.outline import Outline

class Block:
    kind: str
    text: str
    level: int
    marker: str
    quote: int
    link_share: float
    node: int
    group: int
    def __init__(
        self,
        kind: str,
        text: str,
        level: int = 0,
        marker: str = "",
        quote: int = 0,
        link_share: float = 0.0,
        node: int = 0,
        group: int = 0,
    ) -> None: ...
    def with_text(self, text: str) -> Block: ...

def render(outline: Outline, root: int) -> list[Block]: ...
def plain_text(outline: Outline, node: int) -> str: ...
def to_text(blocks: list[Block]) -> str: ...
