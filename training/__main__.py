"""Learn the offline extractor's weights anew, and what it finds in the labelled meetings without having seen them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from training.corpus import FOLDS, Kept, examples, pieces
from training.data import FOLDER, meetings, real_talk
from training.learn import learn
from vori.cli.extract import predict, read_meetings
from vori.tickets.offline.extract import OfflineExtractor
from vori.tickets.offline.learned import LANGUAGES, WEIGHTS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where the weights go")
    parser.add_argument("--only-check", action="store_true", help="write no weights")
    parser.add_argument("--cross-validated", type=Path, help="folder for what models find in meetings they never saw")
    parser.add_argument("--cache", type=Path, default=Path("out/training/embeddings.npz"), help="embeddings, kept")
    given = parser.parse_args()
    embed = Kept(given.cache)
    known, real = examples(meetings(), embed), pieces(real_talk(), embed)
    embed.save()
    learned = learn(known, real, embed)
    if not given.only_check:
        learned[-1].save(given.weights)
    if given.cross_validated:
        given.cross_validated.mkdir(parents=True, exist_ok=True)
        fold = {example.meeting.name: example.fold for example in known}
        extractors = [OfflineExtractor(learned[k], embed) for k in range(FOLDS)]
        for language in LANGUAGES:
            with (given.cross_validated / f"{language}.jsonl").open("w", encoding="utf-8") as out:
                for meeting in read_meetings(FOLDER / f"{language}.jsonl"):
                    found = predict(extractors[fold[meeting.meeting_id]], meeting)
                    out.write(json.dumps(found, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
