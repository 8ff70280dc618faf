"""The devices: when each was heard, and what is wrong with it."""

from dataclasses import dataclass

from protocol.replies import DeviceHealth
from web.supervisor.alerts import trouble_text
from web.supervisor.scene import Scene, milliseconds

ROLES = ("kiosk", "display", "counter", "desk", "phone", "tablet")
"""The devices that the page shows; keys of administrators and auditors are none."""
REPORTING = frozenset({"kiosk", "display", "counter"})
"""Those that report themselves by protocol: the others are only heard when somebody uses them."""


@dataclass(frozen=True)
class DeviceRow:
    """A device: `state` is `well`, `trouble`, `silent`, `suspended` or `used`."""

    device_id: str
    kind: str
    state: str
    state_text: str
    troubles: str
    heard: int | None
    counter: str
    reason: str


def device_rows(scene: Scene) -> list[DeviceRow]:
    """The devices, those of the citizens first."""
    shown = [one for one in scene.overview.devices if one.role in ROLES]
    shown.sort(key=lambda one: (ROLES.index(one.role), one.device_id))
    silent = {alert.facts.get("device_id") for alert in scene.overview.alerts if alert.code == "device_silent"}
    return [device_row(scene, one, silent=one.device_id in silent) for one in shown]


def device_row(scene: Scene, one: DeviceHealth, *, silent: bool) -> DeviceRow:
    """One device."""
    state = _state(one, silent=silent)
    return DeviceRow(
        device_id=one.device_id,
        kind=scene.say(f"device_{one.role}"),
        state=state,
        state_text=scene.say(f"device_state_{state}"),
        troubles=" · ".join(trouble_text(scene, trouble) for trouble in one.troubles),
        heard=milliseconds(one.heard_at),
        counter=scene.counter(one.counter_id) if one.counter_id else "",
        reason=one.reason,
    )


def _state(one: DeviceHealth, *, silent: bool) -> str:
    if one.suspended:
        return "suspended"
    if one.troubles:
        return "trouble"
    if silent:
        return "silent"
    return "well" if one.role in REPORTING else "used"
