"""Charts as Plotly figures in JSON. The page's script draws what its ``data-figure`` attribute holds."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

_LAYOUT = {
    "margin": {"l": 48, "r": 16, "t": 16, "b": 40},
    "height": 280,
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "legend": {"orientation": "h", "y": -0.2},
    "hovermode": "x unified",
}


@cache
def script() -> Path:
    """Plotly's script, from the installed package."""
    import plotly

    return Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def bars(x: Sequence[str], series: Mapping[str, Sequence[float]], *, percent: bool = False) -> str:
    """Stacked bars; ``series``: name -> a value for each ``x``."""
    data = [{"type": "bar", "name": name, "x": list(x), "y": list(values)} for name, values in series.items()]
    gap = max(0.2, 1 - 0.12 * len(x))  # a few nights are bars, not walls
    return _figure(data, {"barmode": "stack", "bargap": gap, "xaxis": {"type": "category"}, **_percent(percent)})


def lines(series: Mapping[str, tuple[Sequence[float], Sequence[float]]], *, percent: bool = False) -> str:
    """Lines; ``series``: name -> (x, y)."""
    data = [
        {"type": "scatter", "mode": "lines+markers", "name": name, "x": list(x), "y": list(y)}
        for name, (x, y) in series.items()
    ]
    return _figure(data, _percent(percent))


def _percent(wanted: bool) -> dict:
    return {"yaxis": {"tickformat": ".0%"}} if wanted else {}


def _figure(data: list[dict], layout: dict) -> str:
    return json.dumps({"data": data, "layout": {**_LAYOUT, **layout}}, ensure_ascii=False)
