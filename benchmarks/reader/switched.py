"""Ask questions over Chinese texts word by word in other languages, with words that the encoders hold for the same.

    python -m benchmarks.reader.switched --examples mixed.jsonl --out switched.jsonl

Of a Chinese question each word becomes the nearest of the most frequent 12,000 words of another language (`wordfreq`,
which is not among the project's packages: `pip install "wordfreq[cjk]"`), where it is near enough; a name that has none
is written in pinyin, as news in that language writes it. What asks is put as that language puts it. The grammar is
wrong; that a question and a text hold the same things in different words is right, and there are ten times as many such
questions as XQuAD has.

Source: Qin et al., "CoSDA-ML: Multi-Lingual Code-Switching Data Augmentation" (2020); the nearest words by Conneau et
al., "Word Translation Without Parallel Data" (2018), section 2.3 (CSLS).
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import jieba
import numpy as np
from numpy.typing import NDArray
from pypinyin import lazy_pinyin
from wordfreq import top_n_list

from benchmarks.reader.examples import Example
from retrieval.encode import open_encoder
from retrieval.encode.encoder import Encoder
from retrieval.settings import Settings
from retrieval.text import even

LANGUAGES = ("en", "en", "de", "es", "vi", "ar", "ru", "hi", "tr", "fr", "el", "ro", "ko", "ja", "pt")
WORDS, NEIGHBOURS = 12_000, 6
LEAST = 0.05
"""Similarity beyond that of a word's six nearest from which two words count as the same; below it most are not."""

_ASKING = {
    "谁": "who wer quién ai من кто कौन kim qui ποιος cine 누가 誰 quem",
    "什么": "what was qué gì ما что क्या ne quoi τι ce 무엇 何 que",
    "哪里": "where wo dónde đâu أين где कहाँ nerede où πού unde 어디 どこ onde",
    "何时": "when wann cuándo khi-nào متى когда कब ne-zaman quand πότε când 언제 いつ quando",
    "多少": "how-many wie-viele cuántos bao-nhiêu كم сколько कितने kaç combien-de πόσα câte 몇 いくつ quantos",
    "哪个": "which welche cuál nào أي какой कौन-सा hangi quel ποια care 어느 どの qual",
    "为什么": "why warum por-qué tại-sao لماذا почему क्यों neden pourquoi γιατί de-ce 왜 なぜ por-que",
    "如何": "how wie cómo như-thế-nào كيف как कैसे nasıl comment πώς cum 어떻게 どのように como",
}
_ALIKE = {
    **dict.fromkeys(("哪位", "何人"), "谁"),
    **dict.fromkeys(("什麽", "何", "啥"), "什么"),
    **dict.fromkeys(("哪裡", "哪儿", "何处"), "哪里"),
    **dict.fromkeys(("什么时候", "时候"), "何时"),
    **dict.fromkeys(("几", "多", "多久"), "多少"),
    **dict.fromkeys(("哪", "哪些", "哪一", "哪一个", "哪种", "哪一年"), "哪个"),
    "为何": "为什么",
    **dict.fromkeys(("怎样", "怎么"), "如何"),
}
_LITTLE = frozenset("的了是在将被把为于而与和及对由以所其之着过也都就曾等个呢吗嘛")
_HAN = re.compile("[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language that stand for Chinese ones."""

    language: str
    asking: Mapping[str, str]
    words: Mapping[str, str]

    def switched(self, question: str, chance: random.Random) -> str:
        """Put a question into this language, word by word; what asks stands first more often than not."""
        parts: list[str] = []
        for word in jieba.cut(even(question)):
            asks = self.asking.get(_ALIKE.get(word, word))
            if asks and chance.random() < 0.7:
                parts.insert(0, asks)
            elif asks:
                parts.append(asks)
            elif word not in _LITTLE:
                parts += self._word(word, chance)
        return " ".join(part for part in parts if part.strip(" ?？。，,、")) + "?"

    def _word(self, word: str, chance: random.Random) -> list[str]:
        if not _HAN.fullmatch(word):
            return [word]
        if known := self.words.get(word):
            return [known]
        if chance.random() < 0.35:  # else a name that was put into Chinese letters would have nothing to be known by
            return [word]
        return ["".join(lazy_pinyin(word)).capitalize()] if len(word) > 1 or chance.random() < 0.5 else []


def lexicons(questions: Iterable[str], encoder: Encoder) -> list[Lexicon]:
    """Find for each word of the questions the nearest word of each language."""
    counted = Counter(word for question in questions for word in jieba.cut(even(question)) if _HAN.fullmatch(word))
    known = list(counted)
    chinese = _embedded(known, encoder)
    made = []
    for place, language in enumerate(dict.fromkeys(LANGUAGES)):
        foreign = [word for word in top_n_list(language, WORDS) if not any(letter.isdigit() for letter in word)]
        asking = {word: forms.split()[place].replace("-", " ") for word, forms in _ASKING.items()}
        nearest = _nearest(chinese, _embedded(foreign, encoder))
        words = {word: foreign[at] for word, (at, score) in zip(known, nearest, strict=True) if score >= LEAST}
        print(language, len(words), "of", len(known), dict(list(words.items())[:8]), flush=True)
        made.append(Lexicon(language, asking, words))
    return made


def _embedded(words: Sequence[str], encoder: Encoder) -> NDArray[np.float32]:
    """Embed words, the language's mean taken out; unit rows."""
    vectors = np.concatenate([encoder.encode_queries(words[at : at + 512]) for at in range(0, len(words), 512)])
    vectors -= vectors.mean(0)
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _nearest(of: NDArray[np.float32], among: NDArray[np.float32]) -> list[tuple[int, float]]:
    """Return for each row of `of` the nearest of `among`, less how near each has its neighbours anyway."""
    own, crowd = _crowd(of, among), _crowd(among, of)
    found: list[tuple[int, float]] = []
    for start in range(0, len(of), 1000):
        part = slice(start, start + 1000)
        scores = 2 * (of[part] @ among.T) - crowd - own[part, None]
        best = scores.argmax(1)
        found += [(int(at), float(score)) for at, score in zip(best, scores.max(1), strict=True)]
    return found


def _crowd(of: NDArray[np.float32], among: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how near each row of `of` has its nearest neighbours."""
    parts = (of[start : start + 1000] @ among.T for start in range(0, len(of), 1000))
    return np.concatenate([np.partition(near, -NEIGHBOURS, 1)[:, -NEIGHBOURS:].mean(1) for near in parts])


def main() -> None:
    """Write the Chinese examples once more, each asked in one of the languages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=Path, required=True, help="what benchmarks.reader.mined wrote")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    chance = random.Random(33)  # noqa: S311
    examples = [Example(**json.loads(line)) for line in arguments.examples.read_text(encoding="utf-8").splitlines()]
    examples = [e for e in examples if e.split == "train" and e.language == e.text_language == "zh"]
    settings = Settings()
    known = {
        made.language: made
        for made in lexicons({e.question for e in examples}, open_encoder(settings.model, cache=settings.cache))
    }
    with arguments.out.open("w", encoding="utf-8") as file:
        for example in examples:
            made = known[chance.choice(LANGUAGES)]
            switched = replace(example, question=made.switched(example.question, chance), language=made.language)
            file.write(json.dumps(asdict(switched), ensure_ascii=False) + "\n")
    print(len(examples), "examples")


if __name__ == "__main__":
    main()
