"""Puts a poisoned analyser in Kiwi's place in every Python process that finds this folder on its path.

It is Kiwi, but on a text with CRASH the process dies as native code dies, and on one with HANG it never answers.
"""

import os
import signal
import time

from malmoi.models import kiwi

CRASH, HANG = "깨진약탕기", "멈춘괘종시계"


class Poisoned:
    """Kiwi, loaded on first use, that dies or hangs on the two words."""

    def tokenize(self, texts: list[str]):
        if any(CRASH in text for text in texts):
            os.kill(os.getpid(), signal.SIGSEGV)
        if any(HANG in text for text in texts):
            time.sleep(3_600)
        kiwi.use(None)
        try:
            return kiwi.engine().tokenize(texts)
        finally:
            kiwi.use(self)


kiwi.use(Poisoned())
