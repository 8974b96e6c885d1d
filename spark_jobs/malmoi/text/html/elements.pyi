class Attributes(dict[str, str | None]):
    role: int
    is_date: int
