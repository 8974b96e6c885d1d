"""Words before and after a number that say what it is."""

import re

_BETWEEN = (
    r"(?:\s{0,3}(?:번호|코드|번|no\.?|number|#))?\s{0,2}(?:은|는|이|가|을|를)?\s{0,2}[:=)\]>\"'(\[]{0,3}\s{0,3}\Z"
)

OTHER_NUMBER = re.compile(
    r"(?:송장|택배|배송조회|등기|주문|접수|상품|제품|모델|품번|품목|부품|특허|출원|등록특허|공개|사건|바코드|isbn|issn|cas|버전|version|ver|"
    r"좌표|위도|경도|일련|시리얼|serial|s/n|doi|관리|문서|예약|ean|upc|gtin|imei|허가|인증|고시|공고|입찰|화물|추적|tracking|"
    r"order|티켓|발권|항공권|쿠폰|상품권|로또|회차|논문|과제|연구|보험|증권|자재|도서|청구기호|물품|티켓|결제|거래|승인|영수증|"
    r"포인트|멤버십|조회|문제|학번|사번|군번|수험|로트|lot|sku|part|규격|ks|계약|공문|시행|민원|의안|안건|차대|timestamp|해시|uuid)"
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
CORPORATE = re.compile(r"법\s?인\s?(?:등록)?\s?(?:번호)?|등기\s?번호|corp", re.IGNORECASE)
BUSINESS = re.compile(r"사\s?업\s?자|사업장\s?번호|등록\s?번호|brn|biz\s?no|business", re.IGNORECASE)
PHONE = re.compile(
    r"전\s?화|연락|문의|tel|fax|팩스|휴대|핸드폰|폰|전번|☎|☏|📞|📱|\bhp|h\.\s?p|phone|mobile|call|대표\s?번호|상담|콜|고객\s?센터|예약|모바일|텔|"
    r"직통|내선|c\.\s?p|문자|번호|신고|접수|ars|통화|수신|발신|안심",
    re.IGNORECASE,
)
CARD = re.compile(r"카드|결제|승인|유효\s?기간|비자|마스터|체크|cvc|cvv|card|visa|master|신용|긁", re.IGNORECASE)
PASSPORT = re.compile(r"여\s?권|passport|pp\s?no|출입국|비자\s?신청", re.IGNORECASE)
LICENSE = re.compile(r"면\s?허|driver|license|licence", re.IGNORECASE)
