"""The same short as moviepy's documentation has it: CompositeVideoClip, TextClip, resized."""

from pathlib import Path

from rendering.short import NAME, RATE, SENTENCES, TITLE, Short

WIDTH, HEIGHT = 1080, 1920


def moviepy_usual(short: Short, seconds: int, preset: str | None) -> None:
    """Compose so many seconds of the short; `preset` None is moviepy's own (medium)."""
    from moviepy import AudioFileClip, CompositeAudioClip, CompositeVideoClip, afx

    layers = [*_pictures(short, seconds), *_titles(short, seconds), *_subtitles(short, seconds)]
    voice = AudioFileClip(str(short.voice)).subclipped(0, seconds)
    music = AudioFileClip(str(short.music)).with_effects(
        [afx.AudioLoop(duration=seconds), afx.MultiplyVolume(0.12), afx.AudioFadeOut(1.2)]
    )
    video = CompositeVideoClip(layers, size=(WIDTH, HEIGHT)).with_duration(seconds)
    video = video.with_audio(CompositeAudioClip([voice, music]))
    chosen = {} if preset is None else {"preset": preset}
    target = short.store.root / "moviepy.mp4"
    video.write_videofile(str(target), fps=RATE, audio_codec="aac", logger=None, **chosen)
    video.close()


def _pictures(short: Short, seconds: int) -> list[object]:
    """Stills with a slow zoom, each fading in over the one before."""
    from moviepy import ImageClip, vfx

    each, clips = seconds / len(SENTENCES), []
    for number, still in enumerate(short.stills()):
        file: Path = short.store.root / f"still-{number}.png"
        if not file.exists():
            still.open((WIDTH, HEIGHT)).save(file)
        clip = ImageClip(str(file)).with_duration(each + 0.4).with_start(max(number * each - 0.2, 0))
        clip = clip.resized(lambda at, each=each: 1 + 0.08 * at / each).with_position("center")
        clips.append(clip.with_effects([vfx.CrossFadeIn(0.4)]) if number else clip)
    return clips


def _titles(short: Short, seconds: int) -> list[object]:
    from moviepy import TextClip

    font = str(short.face.file)
    name = TextClip(font=font, text=NAME, font_size=40, color="#38BDF8")
    title = TextClip(
        font=font, text=TITLE, font_size=64, color="white", stroke_color="black", stroke_width=4, method="caption",
        size=(880, None), text_align="left",
    )  # fmt: skip
    placed = [(name, (96, 216)), (title, (96, 280))]
    return [clip.with_duration(seconds).with_position(place) for clip, place in placed]


def _subtitles(short: Short, seconds: int) -> list[object]:
    """A line in white, and over it the word being spoken in another colour, word by word."""
    from moviepy import TextClip

    look = {"font": str(short.face.file), "font_size": 72, "stroke_color": "black", "stroke_width": 5}
    clips: list[object] = []
    for words in short.words(seconds):
        for first in range(0, len(words), 3):
            group = words[first : first + 3]
            start, end = group[0].start, group[-1].end
            line = TextClip(text=" ".join(word.text for word in group), color="white", **look)
            left, top = (WIDTH - line.w) / 2, 1150
            clips.append(line.with_start(start).with_duration(end - start).with_position((left, top)))
            for index, word in enumerate(group):
                lit = TextClip(text=word.text, color="#FFD54A", **look)
                before = " ".join(other.text for other in group[:index])
                offset = short.face.width(before + " ", 72 * 1.15) if before else 0
                lit = lit.with_start(word.start).with_duration(word.end - word.start)
                clips.append(lit.with_position((left + offset, top)))
    return clips
