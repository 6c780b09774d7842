"""How often trends of terms and topics are stated, with and without one planted: `python bench/trends.py --runs 100`.

No Spark: terms are counted here as `engine/text.py` does, and topics are the true ones, minute by minute.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from vori.analytics.engine.topics import STRETCH_MS
from vori.analytics.engine.trends import TERMS
from vori.analytics.insights.trends import LEAST_WITH, Subject, Talk, find_trends
from vori.analytics.model import TrendRow
from vori.analytics.simulate.history import History
from vori.analytics.simulate.sentences import TOPICS, terms
from vori.analytics.simulate.write import Wanted, make_histories
from vori.analytics.tokens import tokens
from vori.events import Language

Counts = dict[str, dict[str, int]]
"""By name, then meeting."""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=100)
    asked.add_argument("--weeks", type=int, default=12)
    asked.add_argument("--teams", type=int, default=2)
    told = asked.parse_args()
    for sizes in ({}, {"rising_topic": 4.0}):
        stated, right = Counter[str](), Counter[str]()
        for seed in range(1, told.runs + 1):
            rows, planted = run(Wanted(told.weeks, told.teams, 8, seed, sizes))
            stated.update({row.of for row in rows})
            stated["any"] += bool(rows)
            for row in rows:
                named = {row.name} & (
                    {planted} | {one for term in terms(row.language, planted) for one in tokens(term)}
                )
                if sizes and row.slope > 0:
                    right[f"{row.of}, {'planted' if named else 'another'}"] += 1
            if seed % 10 == 0 or seed == told.runs:
                print(
                    json.dumps({"planted": bool(sizes), "runs": seed, "that state": stated, "rises": right}), flush=True
                )


def run(wanted: Wanted) -> tuple[list[TrendRow], str]:
    histories = make_histories(wanted)
    return [row for one in histories for row in of_team(one)], histories[0].truths.topic


def of_team(history: History) -> list[TrendRow]:
    language = history.team.language
    names = {one for name in history.team.people for one in (*tokens(name), *name.lower().split())}
    said: Counts = defaultdict(Counter)
    spells: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    totals: Counter[str] = Counter()
    began: dict[str, date] = {}
    subject = {term: topic for topic in TOPICS for term in terms(language, topic)}
    for _, line in history.lines():
        told = json.loads(line)
        event = told["event"]
        if told["type"] == "MeetingStarted":
            local = datetime.fromisoformat(event["occurred_at"]).astimezone(history.team.zone).date()
            began[event["meeting_id"]] = local - timedelta(days=local.weekday())
        elif told["type"] == "UtteranceFinal":
            meeting, text = event["meeting_id"], event["text"]
            totals[meeting] += 1
            for word in set(tokens(text)) - names:
                said[word][meeting] += 1
            spells[meeting, event["start_ms"] // STRETCH_MS].update(
                topic for term, topic in subject.items() if term in text
            )
    often = sorted((-sum(one.values()), word) for word, one in said.items() if len(one) >= LEAST_WITH)[:TERMS]
    talk = {meeting: Talk(began[meeting], total) for meeting, total in totals.items()}
    rows = find_trends(
        history.team.workspace_id, "term", talk, [Subject(word, word, language, said[word]) for _, word in often]
    )
    return rows + of_topics(history, language, spells, began)


def of_topics(
    history: History, language: Language, spells: Mapping[tuple[str, int], Counter[str]], began: Mapping[str, date]
) -> list[TrendRow]:
    about: Counts = defaultdict(Counter)
    whole: Counter[str] = Counter()
    for (meeting, _), counted in spells.items():
        whole[meeting] += 1
        about[counted.most_common(1)[0][0] if counted else "small talk"][meeting] += 1
    talk = {meeting: Talk(began[meeting], total) for meeting, total in whole.items()}
    subjects = [Subject(name, name, language, about[name]) for name in sorted(about)]
    return find_trends(history.team.workspace_id, "topic", talk, subjects)


if __name__ == "__main__":
    main()
