import numpy as np

def signed(
    text: str, small: np.ndarray, chars: int, multipliers: np.ndarray, offsets: np.ndarray
) -> tuple[bytes, bytes]: ...
