"""Words before and after a number that say what it is."""

import re

_BETWEEN = r"\s{0,2}(?:은|는|이|가|을|를)?\s{0,2}[:=)\]>\"'(\[]{0,3}\s{0,3}\Z"
_NUMBER = r"\s{0,2}(?:번호|코드|no\.?|number|id|#)"

OTHER_NUMBER = re.compile(
    rf"(?:(?:송장|택배|배송조회|등기|주문|상품|제품|모델|품번|품목|부품|특허|출원|등록특허|사건|바코드|isbn|issn|cas|버전|version|ver|좌표|위도|경도|일련|시리얼|serial|"
    rf"s/n|doi|ean|upc|gtin|imei|화물|추적|tracking|로또|청구기호|등기|학번|군번|수험|lot|sku|차대|timestamp|uuid)(?:{_NUMBER}|번)?|"
    rf"(?:접수|보고|고유|예약|결제|거래|승인|조회|문제|관리|문서|계약|공문|시행|민원|회차|보험|증권|연구|과제|발권|티켓|항공권|쿠폰|상품권|order|part|허가|인증|고시|공고|입찰|논문|자재|"
    rf"도서|물품|영수증|포인트|멤버십|사번|로트|규격|의안|안건|공개|고객|회원|좌석|정산|청구|납부|관리비|전표|확인|심의|승차|수강|강의|과목|게시물|게시글|글|기사){_NUMBER})"
    + _BETWEEN,
    re.IGNORECASE,
)
"""Directly before a number: it numbers a thing, no person."""

EXAMPLE = re.compile(
    r"\A\s{0,2}(?:은|는|이|가|처럼|과|와|의|이란)?\s{0,2}(?:같은\s)?(?:형식|형태|예시|양식|꼴|패턴|포맷|샘플)"
)
"""Directly after a number: a pattern is being explained."""

RESIDENT = re.compile(
    r"주\s?민|민\s?번|주\.민|본인|등록\s?번호|앞\s?자리|신분증|실명|rrn|resident|외국인|거소|체류|생년월일|외\s?등|alien|foreign",
    re.IGNORECASE,
)
CORPORATE = re.compile(r"법\s?인\s?(?:등록)?\s?(?:번호)?|corp", re.IGNORECASE)
BUSINESS = re.compile(r"사\s?업\s?자|사업장\s?번호|등록\s?번호|brn|biz\s?no|business", re.IGNORECASE)
PHONE = re.compile(
    r"전\s?화|연락|문의|tel|fax|팩스|휴대|핸드폰|폰|전번|☎|☏|📞|📱|\bhp|h\.\s?p|phone|mobile|call|대표\s?번호|상담|콜|고객\s?센터|예약|모바일|텔|"
    r"직통|내선|c\.\s?p|문자|번호|신고|접수|ars|통화|수신|발신|안심",
    re.IGNORECASE,
)
CARD = re.compile(r"카드|결제|승인|유효\s?기간|비자|마스터|체크|cvc|cvv|card|visa|master|신용|긁", re.IGNORECASE)
PASSPORT = re.compile(r"여\s?권|passport|pp\s?no|출입국|출국|입국|항공권|비자|visa|만료", re.IGNORECASE)
LICENSE = re.compile(r"면\s?허|driver|license|licence", re.IGNORECASE)
