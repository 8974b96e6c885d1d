"""Counts of a unit while its worker runs."""

from malmoi.contracts.balance import Balance, Count


class Tally:
    """Counts of one unit while it runs."""

    def __init__(self) -> None:
        self.entered, self.kept = Count(), Count()
        self.dropped: dict[str, Count] = {}
        self.quarantined: dict[str, Count] = {}

    def keep(self, size: int, documents: int = 1) -> None:
        self.entered += Count(documents, size)
        self.kept += Count(documents, size)

    def drop(self, reason: str, size: int) -> None:
        self.entered += Count(1, size)
        self.dropped[reason] = self.dropped.get(reason, Count()) + Count(1, size)

    def quarantine(self, fault: str, size: int) -> None:
        self.entered += Count(1, size)
        self.quarantined[fault] = self.quarantined.get(fault, Count()) + Count(1, size)

    def balance(self) -> dict:
        return Balance(self.entered, self.kept, self.dropped, self.quarantined).to_json()
