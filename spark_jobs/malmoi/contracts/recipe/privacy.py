"""Recipe section: what happens to personal data. One policy per entity."""

from dataclasses import dataclass

from malmoi.contracts.recipe.fields import number, table

ENTITIES: dict[str, str] = {
    "rrn": "주민등록번호",
    "frn": "외국인등록번호",
    "passport": "여권번호",
    "driver_license": "운전면허번호",
    "phone": "전화번호",
    "card": "카드번호",
    "account": "계좌번호",
    "business": "사업자등록번호",
    "corporate": "법인등록번호",
    "plate": "차량번호",
    "email": "이메일",
    "ip": "아이피주소",
    "address": "주소",
    "account_id": "아이디",
    "url_id": "개인주소링크",
    "nickname": "별명",
    "birth": "생년월일",
    "name": "이름",
}
"""Entity -> the Korean word that the ``tag`` policy writes as ``<전화번호>``."""

POLICIES = ("remove", "tag", "surrogate", "keep_part", "keep")
IDENTIFYING_BY_LAW = ("rrn", "frn", "passport", "driver_license")
"""개인정보 보호법 제24조, 제24조의2: never kept, in whole or in part."""


@dataclass(frozen=True)
class Privacy:
    """De-identification."""

    policy: dict[str, str] = table(
        key_choices=tuple(ENTITIES),
        value_choices=POLICIES,
        default={entity: "tag" for entity in ENTITIES},
        help="entity = remove, tag, surrogate, keep_part or keep; entities by law cannot be kept",
    )
    min_score: float = number(0.5, low=0, high=1, help="spans below this score are left alone")
    max_persons: int = number(
        10, low=1, high=1_000_000, help="more distinct persons' data in one document: it is a list, dropped"
    )
