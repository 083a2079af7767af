"""Effects: a channel's own Python on every scene, between the picture and the one encode.

`package.module:function` is called with a moviepy clip of one scene (1080x1920, its length, no sound) and gives one
back; its frames are then encoded like any others, headline and subtitles upon them. Their code is not ours: it is
called with a time limit, and what goes wrong is told with its name. moviepy is imported only here.
"""

import importlib
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from shorts_pipeline.errors import ConfigurationError, NeedsPerson
from shorts_pipeline.videos.composing.planes import Planes, planes_of, rgb_of
from shorts_pipeline.videos.layout import HEIGHT, WIDTH
from shorts_pipeline.videos.pictures.illustrate import Effect, Reel, Still

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")
SECONDS = 30.0
"""For making a scene's clip, and for any one frame of it."""


@dataclass(frozen=True)
class Named:
    """A function of the channel's, and what its file calls it."""

    name: str
    function: Callable[[Any], Any]

    def __call__(self, clip: object) -> object:
        return self.function(clip)


def affected(stills: Sequence[Still], names: Sequence[str]) -> list[Still]:
    """The stills with the effects called so. Raises `ConfigurationError` where one cannot be imported."""
    effects = tuple(found(name) for name in names)
    return [replace(still, effects=effects) for still in stills] if effects else list(stills)


def found(name: str) -> Effect:
    """The function `package.module:function`. Raises `ConfigurationError`."""
    module, _, function = name.partition(":")
    where = f"content_config.video.effects: {name}"
    try:
        given = getattr(importlib.import_module(module), function)
    except AttributeError as error:
        raise ConfigurationError(f"{where}: the module {module} has no {function!r}; correct the name") from error
    except Exception as error:
        raise ConfigurationError(
            f"{where}: {module} cannot be imported ({type(error).__name__}: {str(error)[:200]}); install it where the "
            "videos are made, or take the effect out"
        ) from error
    if not callable(given):
        raise ConfigurationError(f"{where} is no function; write package.module:function")
    return Named(name, given)


class Affected:
    """A scene as its effects leave it, frame by frame."""

    def __init__(self, scene: Reel, effects: Sequence[Effect], *, frames: int, rate: int) -> None:
        self._scene, self._rate, self._names = scene, rate, ", ".join(effect.name for effect in effects)
        self._worker = _Worker(SECONDS, self._names)
        self._clip = self._worker.call(lambda: _made(scene, effects, frames, rate))
        self._length = float(self._clip.duration or frames / rate)

    def at(self, frame: int) -> Planes:
        """The planes of a frame. Raises `NeedsPerson` where an effect fails or takes too long."""
        # What has become shorter ends with its last picture.
        moment = min((frame + 0.5) / self._rate, max(self._length - 0.5 / self._rate, 0.0))
        return self._worker.call(lambda: _planes(self._clip.get_frame(moment)))

    def close(self) -> None:
        self._worker.close()
        self._scene.close()


def _made(scene: Reel, effects: Sequence[Effect], frames: int, rate: int) -> Any:
    from moviepy import VideoClip

    clip: Any = VideoClip(lambda t: rgb_of(scene.at(min(int(t * rate), frames - 1))), duration=frames / rate)
    clip = clip.with_fps(rate)
    for effect in effects:
        clip = effect(clip)
        if not isinstance(clip, VideoClip):
            raise TypeError(f"{effect.name} gave {type(clip).__name__}, not a moviepy clip")
    return clip


def _planes(frame: "NDArray[np.generic]") -> Planes:
    import numpy as np
    from PIL import Image

    if frame.ndim != 3 or frame.shape[2] < 3:
        raise TypeError(f"a frame of shape {frame.shape}, not (height, width, 3)")
    picture = Image.fromarray(np.clip(frame[..., :3], 0, 255).astype(np.uint8))
    if picture.size != (WIDTH, HEIGHT):
        from PIL import ImageOps

        picture = ImageOps.fit(picture, (WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return planes_of(picture)


class _Worker:
    """One thread for foreign code. One that hangs is left behind (nothing can end it) and does not keep us alive."""

    def __init__(self, seconds: float, names: str) -> None:
        self._seconds, self._names = seconds, names
        self._asked: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._answered: queue.SimpleQueue[tuple[object, Exception | None]] = queue.SimpleQueue()
        threading.Thread(target=self._work, name="effects", daemon=True).start()

    def call(self, work: Callable[[], T]) -> T:
        """What the work gives. Raises `NeedsPerson` where it fails or takes too long."""
        self._asked.put(work)
        where = f"content_config.video.effects: {self._names}"
        try:
            given, error = self._answered.get(timeout=self._seconds)
        except queue.Empty:
            raise NeedsPerson(
                f"{where} took longer than {self._seconds:.0f} s for one frame; make it quicker or take it out"
            ) from None
        if error is not None:
            raise NeedsPerson(
                f"{where} failed ({type(error).__name__}: {str(error)[:300]}); mend it or take it out"
            ) from error
        return given  # type: ignore[return-value]

    def close(self) -> None:
        self._asked.put(None)

    def _work(self) -> None:
        while (work := self._asked.get()) is not None:
            try:
                self._answered.put((work(), None))
            except Exception as error:
                self._answered.put((None, error))
