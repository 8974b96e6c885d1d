"""Uses of a word that insult nobody: told about, quoted, a term of law, of medicine, or of animals."""

import re

_AROUND = 40
_WORD_NOUN = "(?:말|단어|표현|욕|욕설|비속어|은어|속어|용어|낱말|어원|뜻|유래|의미|글자|호칭|신조어|발언|별명|멸칭|감탄사|방언|사투리|접두사|접미사|관용구|어휘|문구)"
_CLOSERS = "[\"'’”」』》)\\]]*"
_DICTIONARY = re.compile(
    rf"^[가-힣]{{0,2}}{_CLOSERS}\s?(?:(?:이?라는|이?란|의|같은|등의|처럼 쓰이는|과 같은|와 같은)\s?{_WORD_NOUN}|이?라는 (?:제목|웹툰|영화|소설|노래|드라마|만화|책|낙인|누명|이름|가게|밴드|채널|옛말|별칭|캐릭터|동네|마을|사이트)|이?라고? ?(?:불렀|불러|불리|불린|부르|부른|일컫|놀림)"
    rf"|(?:은|는)\s?(?:비속어|욕설|속어|은어|멸칭|비하)|(?:이|은|는|가)? ?(?:무슨|뭔) 뜻|이?라고 (?:적|표기|쓰는 말)|(?:의|이란) ?(?:어원|뜻|유래))"
)
# A word in quotation marks is talked about; a sentence in them is somebody's swearing.
_QUOTED = re.compile(
    r"^[^\"“”‘’'\n]{0,8}[\"”’']\s?(?:이?라?고|이?라며|며|이?라는|는|이?라면서|면서|이?란|등|[은을와과의에])"
)
_OPENED = re.compile(r"[\"“‘'][^\"“”‘’'\n]{0,8}$")
_SEXAGENARY = re.compile(r"육십갑자|간지|천간|지지|을미|정유|丙申|해당하는 해")
_TITLE = re.compile(r"^[가-힣 ]{0,8}(?:이?라는|[』》」]) ?(?:제목|웹툰|영화|소설|노래|드라마|만화|책)")
_SPOKEN_OF = re.compile(rf"^[가-힣]{{1,3}}다는 ?{_WORD_NOUN}")
_ESTATE = re.compile(r"양반|신분제|신분이|신분을|상민|노비|천민|백정|조선 ?시대")
_HISTORY = re.compile(r"임진왜란|의병|독립군|쳐들어왔|노략질|일제 ?강점|왜란")
_EPIDEMIC = re.compile(r"^(?:을|이|에|으로)\s?(?:피해|피하|돌[아았]|돌던|도는|걸[려렸린리]|퍼[져지졌]|번[져지졌]|죽)")
_OF_AN_ANIMAL = re.compile(r"(?:^|[\s.,])(?:소|개|말|닭|쥐|새|꿩|범|짐승|가축)의\s?$")
_LAW = re.compile(r"모욕죄|명예훼손|형법|판결|판시|피고인|피해자에게|고소인|공소|대법원|처벌법|혐의")
_MEDICINE = re.compile(r"환자|질환|증상|뇌전증|간질|치료|병원|의학")
_ANIMALS = re.compile(
    r"고양이|강아지|반려|견종|동물|낳|마리|어미|부화|둥지|번식|젖을|포유|수달|호랑이|사자|돼지|코끼리|곰|오리|거북|펭귄|원숭이|물고기|송아지|"
    r"망아지|캥거루|판다|여우|토끼|양을|염소|제비|까치|독수리|상어|고래|뱀|악어|사슴|노루|햄스터|병아리|사육|농장|품종|암컷|수컷|태어났|고슴도치|조련|서식|멸종|먹이|사냥|물개|해달|너구리|다람쥐|족제비|두더지|박쥐|오소리|표범|기린|코뿔소|낙타|거위|참새|까마귀|갈매기|부엉이|두루미|뻐꾸기|도마뱀|개구리|두꺼비|연어|붕어|잉어"
)
_ANIMAL_LEMMAS = ("새끼", "대가리", "아가리", "개새끼")
_BEAST = re.compile(r"(?:돼지|쥐|원숭이|벌레|닭|뱀|곰)$")
_YOUNG = re.compile(r"낳|마리|젖|부화|번식|키우|키웠|태어|사육|농장|어미|먹이")
"""A beast's name before the word makes an insult (돼지새끼), unless young are spoken of."""
_INSULT_AFTER = re.compile(r"^(?:들?아|야|라|임|놈|년)")
_INSULT_BEFORE = re.compile(r"(?:(?:^|\s)[이저그] ?|이런 ?|저런 ?|씨발 ?|시발 ?|병신 ?|미친 ?|개)$")


def mention(text: str, start: int, end: int, lemma: str) -> str | None:
    """The kind of mention (contracts/recipe/profanity.py MENTIONS) at ``text[start:end]``, None where it is a use.

    Read from the 40 code points on either side.
    """
    left, right = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    if _DICTIONARY.search(right) or _TITLE.search(right) or _SPOKEN_OF.search(right):
        return "dictionary"
    if _OPENED.search(left) and _QUOTED.search(right):
        return "quoted"
    if _LAW.search(left) and _LAW.search(right):
        return "legal"
    if lemma in ("병신", "지랄", "염병") and _MEDICINE.search(left + right):
        return "medical"
    if lemma == "병신" and _SEXAGENARY.search(left + right):
        return "dictionary"
    if lemma in ("년놈", "썅") and _ESTATE.search(left + right):
        return "dictionary"
    if lemma == "놈" and _HISTORY.search(left + right):
        return "dictionary"
    if lemma == "염병" and _EPIDEMIC.search(right):
        return "medical"
    if lemma == "새끼" and _OF_AN_ANIMAL.search(left):
        return "animal"
    return "animal" if lemma in _ANIMAL_LEMMAS and _of_animals(left, right) else None


def _of_animals(left: str, right: str) -> bool:
    near = left[-24:], right[:24]
    if _INSULT_AFTER.search(right) or _INSULT_BEFORE.search(left):
        return False
    if _BEAST.search(left) and not any(map(_YOUNG.search, near)):
        return False
    return any(map(_ANIMALS.search, near))
