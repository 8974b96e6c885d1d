"""The console's words, in English and Korean. A page takes the language of ``?lang=``, its cookie, or the browser."""

from collections.abc import Mapping
from typing import Literal

from malmoi.contracts.reasons import Reason

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = ("en", "ko")

WORDS: Mapping[str, tuple[str, str]] = {
    "nights": ("Nights", "밤별 현황"),
    "night": ("Night", "밤"),
    "training": ("Training", "학습"),
    "takedown": ("Takedown", "삭제 요청"),
    "search": ("Search", "찾기"),
    "documents": ("Documents", "문서"),
    "document": ("Document", "문서"),
    "quarantine": ("Quarantine", "격리"),
    "gate": ("Gate", "게이트"),
    "funnel": ("Funnel", "걸러진 과정"),
    "source": ("Source", "출처"),
    "all": ("all", "전체"),
    "records_in": ("Records in", "들어온 레코드"),
    "documents_read": ("Documents read", "읽은 문서"),
    "in_release": ("In the release", "배포된 문서"),
    "dropped": ("Dropped", "제외"),
    "quarantined": ("Quarantined", "격리"),
    "report": ("Report", "보고서"),
    "release": ("Release", "배포본"),
    "in_force": ("in force", "사용 중"),
    "not_published": ("not published", "배포 안 됨"),
    "kept_share": ("Kept", "남은 비율"),
    "duplicates": ("Duplicates", "중복"),
    "bytes": ("Bytes of text", "본문 바이트"),
    "check": ("Check", "검사"),
    "value": ("Value", "값"),
    "limit": ("Limit", "한도"),
    "verdict": ("Verdict", "판정"),
    "passed": ("passed", "통과"),
    "failed": ("FAILED", "실패"),
    "detail": ("Detail", "설명"),
    "look_at": ("look at", "확인할 문서"),
    "reason": ("Reason", "이유"),
    "threshold": ("Threshold", "기준"),
    "meaning": ("Meaning", "뜻"),
    "decision": ("Decision", "판정"),
    "kept": ("kept", "남김"),
    "title": ("Title", "제목"),
    "address": ("Address", "주소"),
    "site": ("Site", "사이트"),
    "kind": ("Kind", "종류"),
    "published": ("Published", "게시 시각"),
    "fetched": ("Fetched", "수집 시각"),
    "license": ("Licence", "이용 조건"),
    "language": ("Language", "언어"),
    "charset": ("Charset", "문자 집합"),
    "origin": ("Record", "원본 레코드"),
    "signal": ("Signal", "항목"),
    "signals": ("Signals", "측정값"),
    "text": ("Text", "본문"),
    "released_text": ("Text in the release", "배포된 본문"),
    "cluster": ("Cluster", "중복 묶음"),
    "members": ("members", "개"),
    "survivor": ("stays", "남는 문서"),
    "similarity": ("Similarity", "유사도"),
    "difference": ("What differs from the one that stays", "남는 문서와 다른 곳"),
    "lineage": ("Lineage", "계보"),
    "shard": ("Shard", "샤드"),
    "row": ("row", "행"),
    "unmask": ("Show personal data (is logged)", "개인정보 보기 (기록됨)"),
    "unmasked": ("Personal data is shown; this view was logged.", "개인정보가 보입니다. 이 조회는 기록되었습니다."),
    "mask": ("Hide personal data", "개인정보 가리기"),
    "filter": ("Filter", "거르기"),
    "any": ("any", "모두"),
    "next": ("Next", "다음"),
    "previous": ("Previous", "이전"),
    "none_yet": ("Nothing here yet.", "아직 없습니다."),
    "no_release_yet": (
        "No night has run yet: trigger corpus_nightly with a day that has landing files.",
        "아직 실행된 밤이 없습니다. 수집 파일이 있는 날짜로 corpus_nightly를 실행하세요.",
    ),
    "half_night": (
        "This night is not finished; these stages have not run:",
        "아직 끝나지 않은 밤입니다. 실행되지 않은 단계:",
    ),
    "query": ("Document id, address, host or words of the text", "문서 번호, 주소, 호스트, 본문의 말"),
    "too_long": ("Shorten the query to 500 characters.", "검색어를 500자 이하로 줄이세요."),
    "file": ("File", "파일"),
    "offset": ("Offset", "위치"),
    "fault": ("Fault", "오류"),
    "stage": ("Stage", "단계"),
    "download": ("Download as CSV", "CSV로 받기"),
    "run": ("Run", "실행"),
    "loss": ("Loss", "손실"),
    "step": ("Step", "단계"),
    "tokens_per_second": ("Tokens/s", "초당 토큰"),
    "left": ("Left", "남은 시간"),
    "choices": ("Multiple choice", "객관식 정답률"),
    "bits_per_byte": ("Bits per byte", "바이트당 비트"),
    "drop_rates": ("Share dropped, by reason", "이유별 제외 비율"),
    "documents_over_nights": ("Documents in the releases", "배포된 문서 수"),
    "mix": ("Share of text by kind: the newest night beside HyperCLOVA", "종류별 본문 비율: 최근 밤과 HyperCLOVA"),
    "mix_released": ("Newest release", "최근 배포본"),
    "mix_weighted": ("As training takes it", "학습 가중치 적용"),
    "mix_hyperclova": ("HyperCLOVA (tokens)", "HyperCLOVA (토큰)"),
    "kind_post": ("Blogs", "블로그"),
    "kind_thread": ("Cafes", "카페"),
    "kind_article": ("News", "뉴스"),
    "kind_dialogue": ("Comments, dialogue", "댓글·대화"),
    "kind_qa": ("KiN", "지식iN"),
    "kind_encyclopedia": ("Wikis", "위키"),
    "kind_page": ("Other pages", "그 밖의 페이지"),
    "drift": ("Drift", "변동"),
    "no_drift": ("none", "없음"),
    "drift_unjudged": ("too few nights", "밤이 적어 판단 안 함"),
    "duration": ("Duration", "걸린 시간"),
    "tokens": ("Tokens for training", "학습용 토큰"),
    "checks_passed": ("checks passed", "개 검사 통과"),
    "token_files": ("Tokens", "토큰"),
    "token_offset": ("from token", "시작 토큰"),
    "what_if": ("What if", "기준 바꿔 보기"),
    "recipe": ("Recipe", "레시피"),
    "sources_all": ("all sources", "모든 출처"),
    "choose": ("Choose", "고르기"),
    "try_it": ("See what would change", "바뀔 결과 보기"),
    "changed_values": ("Changed values", "바꾼 값"),
    "now": ("now", "현재"),
    "kept_before": ("Kept now", "현재 남은 문서"),
    "kept_after": ("Kept then", "바꾼 뒤 남는 문서"),
    "entering": ("Would come in", "들어올 문서"),
    "leaving": ("Would go out", "나갈 문서"),
    "examples": ("For example", "보기"),
    "swearing_actions": ("Profanity: documents that are treated otherwise", "욕설 처리가 달라지는 문서"),
    "rewritten": ("Personal data: documents that are written otherwise", "개인정보 표기가 달라지는 문서"),
    "nothing_moves": ("Nothing would come in or go out.", "들어오거나 나갈 문서가 없습니다."),
    "copies_stay": (
        "Decided from the annotations of this night. Copies stay copies here; the preview of a rebuild finds duplicates anew.",
        "이 밤의 주석만으로 판정한 결과입니다. 중복은 그대로 두었으며, 재구축 미리보기가 다시 찾습니다.",
    ),
    "save_draft": ("Save as a recipe draft", "레시피 초안으로 저장"),
    "name": ("Name", "이름"),
    "rebuild": ("Rebuild with this recipe", "이 레시피로 재구축"),
    "rebuild_note": (
        "Starts corpus_rebuild: it shows what would change and waits for approval before it writes anything.",
        "corpus_rebuild를 시작합니다. 무엇이 바뀌는지 보여 주고, 승인 전에는 아무것도 쓰지 않습니다.",
    ),
    "first_day": ("First day", "첫날"),
    "last_day": ("Last day", "마지막 날"),
    "start": ("Start", "시작"),
    "started": ("Run", "실행"),
    "state": ("State", "상태"),
    "in_airflow": ("Show it in Airflow", "Airflow에서 보기"),
    "editors_only": (
        "Only those who may edit the DAG can start it.",
        "DAG를 수정할 수 있는 사용자만 시작할 수 있습니다.",
    ),
    "section_quality": ("Quality", "품질"),
    "section_profanity": ("Profanity", "욕설"),
    "section_privacy": ("Lists of persons", "개인정보 목록"),
    "section_decontamination": ("Evaluation sets", "평가 집합"),
    "section_privacy.policy": ("Personal data, by kind", "개인정보 종류별 처리"),
    "addresses": ("Addresses, one a line", "주소 (한 줄에 하나)"),
    "hosts": ("Hosts, one a line", "호스트 (한 줄에 하나)"),
    "authors": ("Author keys, one a line", "작성자 키 (한 줄에 하나)"),
    "document_ids": ("Document ids, one a line", "문서 번호 (한 줄에 하나)"),
    "passage": ("A passage of the text", "본문의 한 대목"),
    "find": ("Find (changes nothing)", "찾아보기 (아무것도 바꾸지 않음)"),
    "hits": ("Hits", "찾은 문서"),
    "in_corpus": ("in the corpus", "코퍼스에 있음"),
    "found_by": ("Found by", "찾은 방법"),
    "promotions": ("near copies would step in", "개의 비슷한 문서가 대신 들어감"),
    "start_takedown": ("Start the takedown", "삭제 시작"),
    "takedown_note": (
        "Starts corpus_takedown: it lists the hits again and waits for approval before it removes anything.",
        "corpus_takedown을 시작합니다. 찾은 문서를 다시 보여 주고, 승인 전에는 아무것도 지우지 않습니다.",
    ),
    "receipts": ("Receipts", "삭제 기록"),
    "receipt": ("Receipt", "기록"),
    "time": ("Time", "시각"),
    "new_releases": ("New releases", "새 배포본"),
    "interrupted": (
        "Takedowns that were interrupted; `malmoi takedown --resume` finishes them:",
        "중단된 삭제가 있습니다. `malmoi takedown --resume`으로 마치세요:",
    ),
    "and_more": ("and more:", "그 밖에:"),
    "original": ("The page's blocks beside the text", "원래 페이지의 블록과 비교"),
    "original_page": ("Blocks of the page", "페이지의 블록"),
    "block": ("Block", "블록"),
    "fate": ("What became of it", "처리"),
    "cut": ("cut", "잘림"),
    "partly": ("kept in part", "일부 남김"),
    "no_html": (
        "The record is no HTML page: its text was taken as it is.",
        "HTML 페이지가 아니어서 본문을 그대로 읽었습니다.",
    ),
    "why_nav": ("navigation", "메뉴"),
    "why_footer": ("footer", "바닥글"),
    "why_aside": ("aside", "곁글"),
    "why_comments": ("comments", "댓글"),
    "why_hidden": ("hidden on the page", "보이지 않는 부분"),
    "why_surroundings": ("stands around the text", "본문 둘레"),
    "why_outside": ("outside the text's region", "본문 밖"),
    "why_site_rule": ("outside what the site's rule names", "사이트 규칙 밖"),
    "why_furniture": ("byline, date, button", "작성자·날짜·단추 줄"),
    "skip": ("Skip to the content", "본문으로"),
}


FAULTS_KO: Mapping[str, str] = {
    "truncated_file": "파일이 중간에 끊김",
    "broken_record": "레코드가 깨짐",
    "record_too_large": "레코드가 너무 큼",
    "broken_json": "JSON이 깨짐",
    "missing_field": "필요한 필드가 없음",
    "undecodable": "글자로 풀 수 없음",
    "parse_failed": "페이지를 해석하지 못함",
    "too_slow": "시간이 너무 오래 걸림",
    "engine_crashed": "처리 중 엔진이 죽음",
}
"""A Fault's name says in English what it is."""


class Words:
    """The words of one language; as a call, ``words("nights")``."""

    def __init__(self, language: Language):
        self.language = language
        self._at = LANGUAGES.index(language)

    def __call__(self, name: str) -> str:
        return WORDS[name][self._at]

    def reason(self, value: str | None) -> str:
        """What a Reason or a Fault means."""
        for member in Reason:
            if member.value == value:
                return member.meaning_ko if self.language == "ko" else member.meaning
        named = (value or "").replace("_", " ")
        return FAULTS_KO.get(value or "", named) if self.language == "ko" else named


def chosen(asked: str | None, cookie: str | None, header: str | None) -> Language:
    """The language of a request: asked for, remembered, or the browser's first of English and Korean."""
    for value in (asked, cookie):
        if value in LANGUAGES:
            return value
    for part in (header or "").lower().split(","):
        code = part.strip()[:2]
        if code in LANGUAGES:
            return code  # type: ignore[return-value]  # narrowed by the test above
    return "en"
