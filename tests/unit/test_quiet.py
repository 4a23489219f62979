import sys
from types import SimpleNamespace

import pytest

from pipeline.networks.quiet import no_usage_events
from pipeline.training.segmentation.settings import n_threads


def refused(*_args, **_kwargs):
    raise AssertionError("a usage event would have been sent")


def test_openvino_s_converter_sends_no_usage_events_and_is_left_as_it_was(monkeypatch):
    from openvino.tools.ovc import telemetry_utils

    telemetry = SimpleNamespace(Telemetry=refused)
    monkeypatch.setattr(telemetry_utils, "tm", telemetry)
    with no_usage_events():
        telemetry_utils.init_ovc_telemetry().send_event("ovc", "version", "1")
    assert telemetry_utils.tm is telemetry
    with pytest.raises(AssertionError, match="would have been sent"):
        telemetry_utils.init_ovc_telemetry()


@pytest.mark.parametrize("before", [None, SimpleNamespace()], ids=["not imported", "imported"])
def test_the_telemetry_package_is_hidden_only_for_a_while(monkeypatch, before):
    monkeypatch.delitem(sys.modules, "openvino_telemetry", raising=False)
    if before is not None:
        monkeypatch.setitem(sys.modules, "openvino_telemetry", before)
    with no_usage_events(), pytest.raises(ImportError):
        import openvino_telemetry  # noqa: F401
    assert sys.modules.get("openvino_telemetry") is before


@pytest.mark.parametrize("has_affinity", [True, False])
def test_threads_that_were_asked_for_are_used_whatever_the_system_knows(monkeypatch, has_affinity):
    monkeypatch.setattr("os.cpu_count", lambda: 6)
    if has_affinity:
        monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 3}, raising=False)
    else:
        monkeypatch.delattr("os.sched_getaffinity", raising=False)
    assert n_threads(3) == 3
    assert n_threads(0) == (2 if has_affinity else 6)
