"""Whisper, through CTranslate2: short stretches of speech in, words out. The only file that knows it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import accumulate, islice, pairwise
from math import log, log10
from pathlib import Path
from typing import Any, cast

import numpy as np
from ctranslate2 import StorageView, get_cuda_device_count
from ctranslate2.models import Whisper as Model
from ctranslate2.models import WhisperGenerationResult
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import merge_punctuations
from faster_whisper.utils import download_model
from numpy.typing import NDArray
from tokenizers import Tokenizer as Vocabulary

from vori.events import Language
from vori.transcript import weights
from vori.transcript.doubt import Hearing, believable, doubled, looks_wrong, loops
from vori.transcript.model import SAMPLE_RATE, Recognition, Said, Stretch, TimedWord
from vori.transcript.vocabulary.near import best, near, put_in

FRAMES = 3000
"""Mel frames (10 ms each) of Whisper's 30-second window; its encoder gives one position for two."""
SILENCE = -0.75
"""What a mel frame of silence holds beside speech of ordinary loudness."""
PAD = 1.0
"""Seconds of silence that are really encoded after the speech."""
WHOLE = FRAMES // 2
THREADS = os.cpu_count() or 1
"""Stretches that are decoded at the same time, each on one core; they share the weights."""
DRAFT_TAIL: dict[Language, int] = {"en": 200, "ko": 750}
"""Places of ready silence that a draft needs after its own; with fewer, Korean goes astray."""
SURE = -0.5
"""Mean log-probability above which more context would help little."""
LIKELY = -0.8
"""The same, above which a word of a language that was not expected is believed."""
ENGLISH_BIAS = 1.2
"""Powers of ten by which Whisper overrates English against Korean on stretches of a few seconds."""
HABIT = 0.75
"""Powers of ten that the language spoken just before counts for."""
WEIGHED = 4
"""Possibilities of the team's words that are weighed, at most: each costs a tenth of a decoding."""
CERTAIN = 0.8
"""Chance of a word above which no term is tried in its place."""
JOINTS = " ,.;:!?…-–—"
"""What may not stand at the beginning of what goes on."""
UNLIKELY = 14.0
"""Log-probability that a text may lose when the terms were not mentioned: more, and the term was only suggested."""

Encoded = NDArray[np.float32]
"""What the encoder makes of sound; shape (1, places of 20 ms, width)."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A stretch to be decoded."""

    heard: Encoded
    samples: int
    """Of the stretch that is asked for; `heard` may begin before it."""
    language: Language
    prompt: Sequence[int] = ()
    """Tokens of what was said before the sound."""
    begun: str = ""
    """What the asked stretch's first words are, if some are final."""
    led: str = ""
    """What the sound says before the stretch; not told again."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Text laid on the sound."""

    places: list[tuple[int, int]]
    """Pairs of a token's number and an encoder's place."""
    chances: list[float]
    """Per token, after all that comes before it."""

    @property
    def weight(self) -> float:
        """The log-probability of the whole text."""
        return sum(log(max(chance, 1e-9)) for chance in self.chances)


def load_whisper(model: str, home: Path) -> Whisper:
    """The recogniser that VORI_SPEECH_MODEL names: `base`, a folder, or a name on the hub. Raises `NoModel`."""
    if model == "base":
        folder = weights.packaged(home)
    elif model.startswith(("/", ".", "~")) or Path(model).is_dir():
        folder = weights.in_folder(Path(model).expanduser())
    else:
        folder = fetch(model, home)
    return Whisper(folder, Path(model).name)


def fetch(model: str, home: Path) -> Path:
    """The folder of a hub's model, fetched into VORI's home unless it is there. Raises `NoModel`."""
    try:
        return Path(download_model(model, cache_dir=str(home / "models")))
    except Exception as error:
        reason = _first_line(error)
        if isinstance(error, FileNotFoundError):  # how the hub's client says that it got no answer
            reason = "it can't be reached from here"
        elif isinstance(error, ValueError):
            reason = "that is none of its names"
        raise weights.NoModel(
            f"There is no model folder {model!r} here, and the model hub could not deliver it: {reason}.",
            remedy="Check the name and the network (`vori models` lists names), or use the packaged model, base.",
        ) from error


class Whisper:
    """A `Recogniser`. It pads speech with little silence and completes the window with the encoder's own silence,
    which is computed once: a short stretch costs a fraction of a 30-second window and the decoder sees no difference.
    """

    continues = True

    def __init__(self, folder: Path, label: str) -> None:
        device, numbers = ("cuda", "float16") if get_cuda_device_count() else ("cpu", "int8")
        self.name = f"whisper {label} {numbers}{'' if device == 'cpu' else f' {device}'}"
        try:
            self._model = Model(
                str(folder), device=device, compute_type=numbers, intra_threads=1, inter_threads=THREADS
            )
            vocabulary = vocabulary_in(folder / "tokenizer.json")
            blank = np.full((1, self._model.n_mels, FRAMES), SILENCE, np.float32)
            self._silence: Encoded = np.array(self._model.encode(StorageView.from_array(blank), to_cpu=True))
        except Exception as error:
            raise weights.NoModel(
                f"The speech model in {folder} can't be loaded: {_first_line(error)}.",
                remedy="Delete that folder if VORI made it, or name another one in VORI_SPEECH_MODEL."
                + (" CUDA_VISIBLE_DEVICES= (empty) keeps VORI off the GPU." if device == "cuda" else ""),
            ) from error
        many = self._model.is_multilingual
        self._tokenizers: dict[Language, Tokenizer] = {
            language: Tokenizer(vocabulary, many, "transcribe", language) for language in ("ko", "en")
        }
        self._features = FeatureExtractor(feature_size=self._model.n_mels)
        self._idle = threading.Semaphore(THREADS)
        """Cores that nobody decodes on."""
        self._helpers = ThreadPoolExecutor(THREADS, "whisper")

    def drafts(self, stretches: Sequence[Stretch]) -> list[Recognition]:
        """Encoded one by one, which costs no more, then decoded together."""
        with self._idle:
            return self._drafts(stretches)

    def final(self, stretch: Stretch) -> Recognition:
        with self._idle:
            return self._final(stretch)

    def _drafts(self, stretches: Sequence[Stretch]) -> list[Recognition]:
        asked = []
        for stretch in stretches:
            heard = self._encode(stretch.samples)
            language = self._language(heard, stretch)
            asked.append(Asked(heard, len(stretch.samples), language, self._last_said(stretch, language)))
        found = self._decode(asked, beam=1, tail=max(DRAFT_TAIL[one.language] for one in asked))
        return [Recognition(hearing.text if believable(hearing) else "", hearing.language) for hearing in found]

    def _final(self, stretch: Stretch) -> Recognition:
        heard, begun = self._encode(stretch.samples), stretch.begun
        hearing = self._heard(heard, stretch, begun.language if begun else self._language(heard, stretch))
        if not believable(hearing) and not (begun or stretch.language) and self._model.is_multilingual:
            other = self._heard(heard, stretch, "en" if hearing.language == "ko" else "ko")
            hearing = other if other.log_prob > LIKELY else hearing
        if not believable(hearing):
            return Recognition(begun.text if begun else "", hearing.language, begun.words if begun else ())
        placed = self._place(heard, hearing)
        if stretch.vocabulary:
            hearing, placed = self._in_team_words(heard, hearing, placed, stretch)
        return Recognition(hearing.text, hearing.language, tuple(self._words(hearing, placed, stretch.onset)))

    def _heard(self, heard: Encoded, stretch: Stretch, language: Language) -> Hearing:
        """Decoded with care; what looks wrong, once more with a whole window."""
        hearing = self._best(heard, stretch, language)
        if looks_wrong(hearing, stretch.before[-1].text if stretch.before else ""):
            whole = self._encode(stretch.samples, FRAMES / 100)
            [again] = self._decode([Asked(whole, len(stretch.samples), language, begun=_begun(stretch))], beam=5)
            if loops(hearing) or doubled(hearing) or (not loops(again) and again.log_prob > hearing.log_prob):
                hearing = again
        return hearing

    def _best(self, heard: Encoded, stretch: Stretch, language: Language) -> Hearing:
        """Decoded with care; if unsure, as the end of what was said just before. An idle core does so meanwhile."""
        lead = [said for said in stretch.before if said.language == language and len(said.samples)]
        meanwhile: Future[Hearing] | None = None
        if lead and self._idle.acquire(blocking=False):
            meanwhile = self._helpers.submit(self._together, lead, stretch, language)
            meanwhile.add_done_callback(lambda _: self._idle.release())
        [hearing] = self._decode([Asked(heard, len(stretch.samples), language, begun=_begun(stretch))], beam=5)
        if hearing.log_prob > SURE or not lead:
            return hearing
        return meanwhile.result() if meanwhile else self._together(lead, stretch, language)

    def _together(self, lead: Sequence[Said], stretch: Stretch, language: Language) -> Hearing:
        """Heard with what was said just before, sound and words."""
        together = self._encode(np.concatenate([*(said.samples for said in lead), stretch.samples]))
        led = " ".join(said.text for said in lead)
        asked = Asked(together, len(stretch.samples), language, begun=_begun(stretch), led=led)
        [hearing] = self._decode([asked], beam=5)
        return hearing

    def _encode(self, samples: NDArray[np.float32], pad: float = PAD) -> Encoded:
        mel = self._features(np.pad(samples, (0, round(pad * SAMPLE_RATE))))[:, :FRAMES]
        mel = mel[None, :, : mel.shape[1] // 2 * 2]
        return np.array(self._model.encode(StorageView.from_array(np.ascontiguousarray(mel, np.float32)), to_cpu=True))

    def _complete(self, heard: Sequence[Encoded], tail: int = WHOLE) -> StorageView:
        """All of the same length: a whole window, or as many places of silence after the longest as `tail` says."""
        length = min(WHOLE, max(one.shape[1] for one in heard) + tail)
        full = [np.concatenate((one, self._silence[:, one.shape[1] : length]), axis=1) for one in heard]
        return StorageView.from_array(np.concatenate(full))

    def _language(self, heard: Encoded, stretch: Stretch) -> Language:
        if not self._model.is_multilingual:
            return "en"
        if stretch.language:
            return stretch.language
        chances = dict(self._model.detect_language(self._complete([heard], 0))[0])
        odds = log10(chances["<|ko|>"] / chances["<|en|>"]) + ENGLISH_BIAS
        if stretch.before:
            odds += HABIT if stretch.before[-1].language == "ko" else -HABIT
        return "ko" if odds > 0 else "en"

    def _decode(self, asked: Sequence[Asked], *, beam: int, tail: int = WHOLE) -> list[Hearing]:
        """Decoded together. Their prompts are cut to the length of the shortest: CTranslate2 wants them all alike."""
        prompt = min(len(one.prompt) for one in asked)
        given = [self._given(one, prompt) for one in asked]
        longest = max(one.samples for one in asked) / SAMPLE_RATE
        results = self._model.generate(
            self._complete([one.heard for one in asked], tail),
            given,
            beam_size=beam,
            max_length=min(448, max(map(len, given)) + 20 + round(12 * longest)),
            return_scores=True,
            return_no_speech_prob=True,
        )
        return [self._hearing(one, result) for one, result in zip(asked, results, strict=True)]

    def _given(self, asked: Asked, prompt: int) -> list[int]:
        tokenizer = self._tokenizers[asked.language]
        before = [tokenizer.sot_prev, *asked.prompt[-prompt:]] if prompt else []
        begun = [token for text in (asked.led, asked.begun) for token in _tokens(tokenizer, text)]
        return [*before, *tokenizer.sot_sequence, tokenizer.no_timestamps, *begun]

    def _hearing(self, asked: Asked, result: WhisperGenerationResult) -> Hearing:
        tokenizer = self._tokenizers[asked.language]
        everything = result.sequences_ids[0]  # what was given is told again here
        given = len(_tokens(tokenizer, asked.led)) + len(_tokens(tokenizer, asked.begun))
        tokens = [token for token in everything[given:] if token < tokenizer.eot]
        text, whole = tokenizer.decode(tokens).strip(), tokens
        if asked.begun:  # whose last word stays as it is: what follows begins with another one
            text = f"{asked.begun} {text.lstrip(JOINTS)}".strip()
            whole = _tokens(tokenizer, text)
        return Hearing(
            text=text,
            tokens=tuple(whole),
            language=asked.language,
            log_prob=result.scores[0] * len(everything) / (len(tokens) + 1),
            no_speech=result.no_speech_prob,
            seconds=asked.samples / SAMPLE_RATE,
        )

    def _in_team_words(
        self, heard: Encoded, hearing: Hearing, placed: Placed, stretch: Stretch
    ) -> tuple[Hearing, Placed]:
        """With terms of the team where they suit the sound better than what was heard in their place.

        Each near term is tried in the text, and the texts are weighed as if those terms had just been mentioned. Where
        no term is near nothing is weighed; and only what sounds like a term can change, and isn't final yet.
        """
        found = near(hearing.text, stretch.vocabulary, self._sure(hearing, placed))
        found = [one for one in found if one.begin >= len(_begun(stretch))][:WEIGHED]
        if not found:
            return hearing, placed
        texts = [hearing.text, *(put_in(hearing.text, [one]) for one in found)]
        before, *weights = self._weigh(heard, hearing.language, texts, [one.term for one in found])
        text = put_in(hearing.text, best(found, [weight - before for weight in weights]))
        if text == hearing.text:
            return hearing, placed
        again = replace(hearing, text=text, tokens=tuple(_tokens(self._tokenizers[hearing.language], text)))
        anew = self._place(heard, again)
        return (hearing, placed) if anew.weight < placed.weight - UNLIKELY else (again, anew)

    def _weigh(self, heard: Encoded, language: Language, texts: Sequence[str], terms: Sequence[str]) -> list[float]:
        """How well each text suits the sound, as a log-probability, when terms were mentioned just before."""
        tokenizer = self._tokenizers[language]
        mentioned = _tokens(tokenizer, ", ".join(dict.fromkeys(terms)) + ".")
        start = [tokenizer.sot_prev, *mentioned, *tokenizer.sot_sequence]
        return [one.weight for one in self._align(heard, start, [_tokens(tokenizer, text) for text in texts], 0.02)]

    def _sure(self, hearing: Hearing, placed: Placed) -> Iterator[tuple[int, int]]:
        """The characters of words without any doubt."""
        tokenizer = self._tokenizers[hearing.language]
        chances, at = iter(placed.chances), -len(tokenizer.decode(list(hearing.tokens))) + len(hearing.text)
        for word, tokens in zip(*tokenizer.split_to_word_tokens([*hearing.tokens]), strict=True):
            if min(islice(chances, len(tokens)), default=0.0) >= CERTAIN:
                yield max(0, at), at + len(word)
            at += len(word)

    def _place(self, heard: Encoded, hearing: Hearing) -> Placed:
        start = self._tokenizers[hearing.language].sot_sequence
        return self._align(heard, start, [list(hearing.tokens)], hearing.seconds)[0]

    def _align(
        self, heard: Encoded, start: Sequence[int], texts: Sequence[Sequence[int]], seconds: float
    ) -> list[Placed]:
        """Texts laid on the first seconds of a sound; their chances depend on all of it."""
        frames = min(FRAMES, round(seconds * 100))
        found = self._model.align(self._complete([heard] * len(texts), 0), list(start), [*map(list, texts)], frames)
        return [Placed(one.alignments, one.text_token_probs) for one in found]

    def _words(self, hearing: Hearing, placed: Placed, onset: float) -> Iterator[TimedWord]:
        """The words in their places; none begins before speech does."""
        tokenizer = self._tokenizers[hearing.language]
        frames = min(FRAMES, round(hearing.seconds * 100))
        texts, tokens = tokenizer.split_to_word_tokens([*hearing.tokens, tokenizer.eot])
        first_place: dict[int, int] = {}
        for token, place in placed.places:
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

    def _last_said(self, stretch: Stretch, language: Language) -> Sequence[int]:
        """What helps to hear a draft: only Korean gains, English short ones repeat it."""
        said = stretch.before[-1] if stretch.before else None
        text = said.text if said and said.language == language == "ko" else ""
        return _tokens(self._tokenizers[language], text)


def vocabulary_in(file: Path) -> Vocabulary:
    """The tokens that the model knows. Some published files have lost the first of their merges: without it every word
    that begins with a t falls into pieces that the model has never seen, wherever text is given to it.
    """
    known = json.loads(file.read_text(encoding="utf-8"))
    merges = known["model"]["merges"]
    if merges and merges[0] in ("Ġ a", ["Ġ", "a"]):
        merges.insert(0, "Ġ t" if isinstance(merges[0], str) else ["Ġ", "t"])
    return Vocabulary.from_str(json.dumps(known))


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")


def _begun(stretch: Stretch) -> str:
    return stretch.begun.text if stretch.begun else ""


def _tokens(tokenizer: Tokenizer, text: str) -> list[int]:
    return list(tokenizer.encode(f" {text}")) if text else []
