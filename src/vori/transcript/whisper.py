"""Whisper, through CTranslate2: short stretches of speech in, words out. The only file that knows it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, pairwise
from math import log10
from pathlib import Path
from typing import Any, cast

import numpy as np
from ctranslate2 import StorageView
from ctranslate2.models import Whisper as Model
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import merge_punctuations
from faster_whisper.utils import download_model
from numpy.typing import NDArray
from tokenizers import Tokenizer as Vocabulary

from vori.events import Language
from vori.transcript import weights
from vori.transcript.doubt import Hearing, believable, looks_wrong, loops
from vori.transcript.model import SAMPLE_RATE, Recognition, Stretch, TimedWord

FRAMES = 3000
"""Mel frames (10 ms each) of Whisper's 30-second window; its encoder gives one position for two."""
SILENCE = -0.75
"""What a mel frame of silence holds beside speech of ordinary loudness."""
DRAFT_PAD, LEAD_PAD, FINAL_PAD = 0.5, 1.0, 3.0
"""Seconds of silence that are really encoded after the speech."""
ENGLISH_BIAS = 1.3
"""Powers of ten by which Whisper overrates English against Korean on stretches of a few seconds."""
HABIT = 0.75
"""Powers of ten that the language spoken just before counts for."""


def load_whisper(model: str, home: Path) -> Whisper:
    """The recogniser that VORI_SPEECH_MODEL names: `base`, a folder, or a name on the hub. Raises `NoModel`."""
    if model == "base":
        folder = weights.packaged(home)
    elif model.startswith(("/", ".", "~")) or Path(model).is_dir():
        folder = weights.in_folder(Path(model).expanduser())
    else:
        try:
            folder = Path(download_model(model, cache_dir=str(home / "models")))
        except Exception as error:
            raise weights.NoModel(
                f"VORI_SPEECH_MODEL is {model!r}: no such folder here, and the model hub could not deliver it.",
                remedy="Check the name and the network, or unset it to use the packaged model.",
            ) from error
    return Whisper(folder, Path(model).name)


class Whisper:
    """A `Recogniser`. It pads speech with little silence and completes the window with the encoder's own silence,
    which is computed once: a short stretch costs a fraction of a 30-second window and the decoder sees no difference.
    """

    def __init__(self, folder: Path, label: str) -> None:
        self.name = f"whisper {label} int8"
        try:
            self._model = Model(str(folder), device="cpu", compute_type="int8", intra_threads=1, inter_threads=1)
            vocabulary = Vocabulary.from_file(str(folder / "tokenizer.json"))
        except Exception as error:
            raise weights.NoModel(
                f"The speech model in {folder} can't be loaded: {str(error).splitlines()[0]}",
                remedy="Delete that folder if VORI made it, or name another one in VORI_SPEECH_MODEL.",
            ) from error
        many = self._model.is_multilingual
        self._tokenizers: dict[Language, Tokenizer] = {
            language: Tokenizer(vocabulary, many, "transcribe", language) for language in ("ko", "en")
        }
        self._features = FeatureExtractor(feature_size=self._model.n_mels)
        blank = np.full((1, self._model.n_mels, FRAMES), SILENCE, np.float32)
        self._silence = np.array(self._model.encode(StorageView.from_array(blank)))

    def draft(self, stretch: Stretch) -> Recognition:
        sound = self._encode(stretch.samples, DRAFT_PAD)
        language = self._language(sound, stretch)
        hearing = self._decode(sound, stretch, language, beam=1, prompt=_last_said(stretch, language))
        return Recognition(hearing.text if believable(hearing) else "", language)

    def final(self, stretch: Stretch) -> Recognition:
        sound = self._encode(stretch.samples, FINAL_PAD)
        language = self._language(sound, stretch)
        hearing = self._best(sound, stretch, language)
        if looks_wrong(hearing, stretch.before[-1].text if stretch.before else ""):
            again = self._decode(self._encode(stretch.samples, FRAMES / 100), stretch, language, beam=5)
            if loops(hearing) or (not loops(again) and again.log_prob > hearing.log_prob):
                hearing = again
        if not believable(hearing):
            return Recognition("", language)
        return Recognition(hearing.text, language, tuple(self._words(sound, hearing, stretch.onset)))

    def _best(self, sound: StorageView, stretch: Stretch, language: Language) -> Hearing:
        """Decoded with care; where it helps, as the end of what was said just before, sound and words together."""
        lead = [said for said in stretch.before if said.language == language and len(said.samples)]
        if not lead:
            return self._decode(sound, stretch, language, beam=5)
        together = self._encode(np.concatenate([*(said.samples for said in lead), stretch.samples]), LEAD_PAD)
        return self._decode(together, stretch, language, beam=5, begun=" ".join(said.text for said in lead))

    def _encode(self, samples: NDArray[np.float32], pad: float) -> StorageView:
        mel = self._features(np.pad(samples, (0, round(pad * SAMPLE_RATE))))[:, :FRAMES]
        mel = mel[:, : mel.shape[1] // 2 * 2]
        heard = self._model.encode(StorageView.from_array(np.ascontiguousarray(mel[None], np.float32)))
        if mel.shape[1] == FRAMES:
            return heard
        return StorageView.from_array(np.concatenate((heard, self._silence[:, mel.shape[1] // 2 :]), axis=1))

    def _language(self, sound: StorageView, stretch: Stretch) -> Language:
        if not self._model.is_multilingual:
            return "en"
        if stretch.language:
            return stretch.language
        chances = dict(self._model.detect_language(sound)[0])
        odds = log10(chances["<|ko|>"] / chances["<|en|>"]) + ENGLISH_BIAS
        if stretch.before:
            odds += HABIT if stretch.before[-1].language == "ko" else -HABIT
        return "ko" if odds > 0 else "en"

    def _decode(
        self, sound: StorageView, stretch: Stretch, language: Language, *, beam: int, prompt: str = "", begun: str = ""
    ) -> Hearing:
        """`prompt` was said before the sound; `begun` is what its beginning says, and is not told again."""
        tokenizer = self._tokenizers[language]
        seconds = len(stretch.samples) / SAMPLE_RATE
        told = _tokens(tokenizer, begun)
        given = [*tokenizer.sot_sequence, tokenizer.no_timestamps, *told]
        if prompt:
            given = [tokenizer.sot_prev, *_tokens(tokenizer, prompt), *given]
        [result] = self._model.generate(
            sound,
            [given],
            beam_size=beam,
            max_length=min(448, len(given) + 20 + round(12 * seconds)),
            return_scores=True,
            return_no_speech_prob=True,
        )
        everything = result.sequences_ids[0]  # what was begun is told again here
        tokens = [token for token in everything[len(told) :] if token < tokenizer.eot]
        return Hearing(
            text=tokenizer.decode(tokens).strip(),
            tokens=tuple(tokens),
            language=language,
            log_prob=result.scores[0] * len(everything) / (len(tokens) + 1),
            no_speech=result.no_speech_prob,
            seconds=seconds,
        )

    def _words(self, sound: StorageView, hearing: Hearing, onset: float) -> Iterator[TimedWord]:
        """The words in their places; none begins before speech does."""
        tokenizer = self._tokenizers[hearing.language]
        frames = min(FRAMES, round(hearing.seconds * 100))
        [found] = self._model.align(sound, tokenizer.sot_sequence, [list(hearing.tokens)], frames)
        texts, tokens = tokenizer.split_to_word_tokens([*hearing.tokens, tokenizer.eot])
        first_place: dict[int, int] = {}
        for token, place in found.alignments:
            first_place.setdefault(token, place)
        bounds = accumulate((len(word) for word in tokens[:-1]), initial=0)
        times = [max(onset, first_place.get(bound, frames // 2) * 0.02) for bound in bounds]
        words: list[dict[str, Any]] = [
            {"word": text, "tokens": ids, "start": start, "end": end}
            for text, ids, (start, end) in zip(texts[:-1], tokens[:-1], pairwise(times), strict=True)
        ]
        merge_punctuations(words, "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、")
        for word in words:
            if text := cast(str, word["word"]).strip():
                yield TimedWord(text, round(word["start"], 2), round(word["end"], 2))


def _last_said(stretch: Stretch, language: Language) -> str:
    """What helps to hear a draft: only Korean gains, English short ones repeat it."""
    said = stretch.before[-1] if stretch.before else None
    return said.text if said and said.language == language == "ko" else ""


def _tokens(tokenizer: Tokenizer, text: str) -> list[int]:
    return list(tokenizer.encode(f" {text}")) if text else []
