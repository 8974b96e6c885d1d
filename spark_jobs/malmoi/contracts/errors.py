"""The errors that Malmoi raises on purpose. Each message is one line: what, where, and what to do next.

Airflow's retry policy reads the class: a ``ContractError`` fails at once, because running the same input again cannot
help; an ``InfrastructureError`` is tried again. Messages never hold text of a document.
"""


class MalmoiError(Exception):
    """Base of every error that a user of Malmoi may see."""


class ContractError(MalmoiError):
    """Input, recipe or stored data breaks a contract; another attempt would end the same way."""


class RecipeError(ContractError):
    """A recipe has an unknown key, a wrong type or an impossible value."""


class InputError(ContractError):
    """A landing folder or file is missing, or nothing in it can be read."""


class BalanceError(ContractError):
    """A stage's counts do not add up: in = kept + dropped + quarantined."""


class GateError(ContractError):
    """The release gate found a reason not to publish."""


class InfrastructureError(MalmoiError):
    """Disk, network, memory or a killed process; the same work may succeed later."""
