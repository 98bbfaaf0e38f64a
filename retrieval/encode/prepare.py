"""The bundled model, prepared once: its ranges observed, a graph, word embeddings and a vocabulary written."""

import functools
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from retrieval.encode import cache
from retrieval.encode.bundled import Bundle, TrainedWeights, find_bundle, fingerprint
from retrieval.encode.encoder import Progress
from retrieval.encode.graph import Channels, Recipe, Weights, recipe_here, write, write_heads, write_observed
from retrieval.encode.onnx import BATCH_TOKENS, GRAPH, QUERIES, Inputs, OnnxEncoder, batches, cores
from retrieval.errors import EncoderError
from retrieval.settings import BUNDLED_MODEL

TEXTS = (
    "本报讯（记者 林知远）昨日上午，青石县召开防汛工作会议，要求各乡镇加强巡查，确保水库安全度汛。",
    "据统计，全县共有12个乡镇、186个行政村，农业人口约23.7万人，去年人均纯收入9,842元，同比增长8.6%。",
    "谁在去年春天把那座桥修好的？一共花了多少钱？",
    "首页 > 新闻中心 > 要闻 | 上一篇：没有了 下一篇：我县举办春季招聘会 【打印】【关闭窗口】",
    "老人說，那年冬天的雪下得特別大，村口的石板路三天沒有人走。孩子們都留在祠堂裡過夜。",
    "根據鄉公所公布的資料，今年度社區關懷據點共設置四十七處，較去年增加六處。",
    "山重水複疑無路，月照寒江雁不歸。",
    "町役場は十五日、老朽化した体育館を取り壊し、跡地に公園を整備すると発表した。",
    "いつ、どこで、だれが橋を直しましたか？",
    "주민센터는 다음 달부터 매주 화요일 저녁에 한글 교실을 연다고 밝혔다. 참가비는 없다.",
    "The county council voted 7-2 on Tuesday to spend $1.3 million on repairs to the old stone bridge.",
    "How many families had moved into the new flats by the end of 1998?",
    "CONTACT US | PRIVACY POLICY | © 2009 All rights reserved. https://www.example.org/news/2009/04/index.html",
    "def total(rows): return sum(row['price'] * row['count'] for row in rows)  # TODO: tax",
    "Die Gemeinde hat beschlossen, die Brücke über den Bach im kommenden Frühjahr zu erneuern.",
    "Le maire a déclaré que l'école resterait fermée jusqu'au lundi suivant, faute de chauffage.",
    "¿Quién construyó el molino que está junto al río, y en qué año se quemó?",
    "O posto de saúde atende de segunda a sexta, das 8h às 17h, mediante marcação prévia.",
    "Wczoraj w nocy silny wiatr zerwał dach z remizy strażackiej w sąsiedniej wsi.",
    "Ủy ban nhân dân xã cho biết con đường mới sẽ được khánh thành vào tháng tới.",
    "Belediye, eski pazarın yerine yapılacak parkın gelecek yıl açılacağını duyurdu.",
    "Το δημοτικό συμβούλιο αποφάσισε να επισκευάσει το παλιό γεφύρι πριν από τον χειμώνα.",
    "Глава района сообщил, что ремонт дороги завершат к первому сентября; работы обойдутся в 4,2 млн рублей.",
    "Коли відкриють нову школу на вулиці Садовій?",
    "قال رئيس البلدية إن أعمال ترميم الجسر القديم ستنتهي قبل حلول الشتاء.",
    "شهرداری اعلام کرد که بازار قدیمی تا پایان ماه بسته خواهد بود.",
    "המועצה החליטה לשפץ את הגשר הישן לפני החורף, בעלות של שני מיליון שקלים.",
    "जिला प्रशासन ने बताया कि नए पुल का काम अगले साल मार्च तक पूरा हो जाएगा।",
    "পুরনো সেতুটি মেরামতের জন্য তিন মাস বন্ধ থাকবে বলে জানিয়েছে পৌরসভা।",
    "பழைய பாலத்தைச் சரிசெய்யும் பணி அடுத்த மாதம் தொடங்கும்.",
    "เทศบาลประกาศปิดสะพานเก่าเพื่อซ่อมแซมตั้งแต่วันจันทร์หน้าเป็นต้นไป",
    "ძველი ხიდი გაზაფხულამდე დაიკეტება. Հին կամուրջը փակ է։",
    "姓名：周小满 性别：女 年龄：34 单位：青石县第二小学 电话：0123-4567890",
    "2021-03-04 17:05:33 3.14159 1,000,000 50% №12 A-7 (b) [c] {d} ...... ————",
    "😀👍🎉 哈哈哈哈哈哈 ???!!! ～～～ ★★★★★ ◆□▲",
    "Ã¤ÂºÂº â€œä»Šå¤©â€ 锟斤拷锟斤拷 烫烫烫 \ufffd\ufffd",
    "的 的 的 的 的 的 的 的 的 的 的 的",
    "a",
    "？",
    "",
)
"""Sentences in thirty languages, a menu, a table, code, damaged text, and nothing: what an archive may hold."""

_JOINED = 4
"""Texts are also put together into so many long ones."""


def sample() -> list[str]:
    """Return the texts that ranges are observed on."""
    return [*TEXTS, *(" ".join(TEXTS[start::_JOINED]) for start in range(_JOINED))]


def observe(bundle: Weights, inputs: Inputs, ids: Sequence[Sequence[int]]) -> dict[str, Channels]:
    """Run the model in float32 over texts as ids; return for each matrix what each channel that it reads reaches."""
    import onnxruntime

    model, names = write_observed(bundle)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def run(batch: list[int]) -> list[Channels]:
        reached: list[Channels] = session.run(None, {"words": inputs.words([ids[place] for place in batch])})
        return reached

    with ThreadPoolExecutor(cores()) as pool:
        runs = pool.map(run, batches([len(row) for row in ids], BATCH_TOKENS))
        greatest = functools.reduce(lambda one, other: list(map(np.maximum, one, other)), runs)
    return dict(zip(names, greatest, strict=True))


PROMPTS = {"query": "query: ", "passage": "passage: "}
"""What this model was trained to see before a question and before a text."""
TRAINED_QUERIES = Path(__file__).with_name("queries.npz")
"""What training added to the weights where they embed questions; passages are embedded as the bundle does."""
_VERSION = 1
"""Of the arithmetic: another number when vectors of the same recipe change."""


@dataclass(frozen=True, slots=True)
class ModelSource:
    """What is prepared and where: a model's file of weights, the arithmetic it gets, the folder of prepared models.

    `queries` is a file of what training added for questions, None where they are embedded as passages are.
    """

    model: str
    weights: Path
    recipe: Recipe
    cache: Path
    queries: Path | None = TRAINED_QUERIES

    @property
    def identity(self) -> str:
        """Name the model, its weights and its arithmetic."""
        return f"{self.model}@{fingerprint(self.weights)} {self.recipe.like}.{_VERSION}"

    @property
    def folder(self) -> Path:
        """Name the prepared folder: other weights or another recipe give another one."""
        model = self.model.replace("/", "--")
        files = "-".join(fingerprint(path) for path in (self.weights, self.queries) if path)
        return self.cache / f"{model}-{files}-{self.recipe.name}.{_VERSION}"


def prepare(source: ModelSource, progress: Progress) -> Path:
    """Return the prepared folder, made first where it is not complete or not what was written.

    Raises:
        EncoderError: the weights are unusable, or the cache cannot be written.
    """
    return cache.prepared(source.folder, lambda folder: _build(source, folder, progress), whole=cache.is_unchanged)


def repair(source: ModelSource, progress: Progress) -> Path:
    """Compare the prepared folder with its checksums, and make it again where it differs."""
    return cache.prepared(source.folder, lambda folder: _build(source, folder, progress), whole=cache.is_sound)


def _build(source: ModelSource, folder: Path, progress: Progress) -> None:
    from retrieval.encode.onnx import save

    progress("sorting the vocabulary", 0.0)
    bundle = Bundle(source.weights)
    save(bundle, folder)
    progress("measuring the model", 0.25)
    inputs = Inputs(folder)
    texts = {name: inputs.ids([prompt + text for text in sample()]) for name, prompt in PROMPTS.items()}
    greatest = observe(bundle, inputs, [*texts["query"], *texts["passage"]])
    progress("writing the model", 0.6)
    (folder / GRAPH).write_bytes(write(bundle, source.recipe, greatest))
    if source.queries:
        progress("measuring the model", 0.7)
        trained = TrainedWeights(bundle, source.queries)
        (folder / QUERIES).write_bytes(write(trained, source.recipe, observe(trained, inputs, texts["query"])))
    progress("prepared", 1.0)


def open_prepared(
    source: ModelSource,
    *,
    threads: int,
    query_prompt: str | None,
    passage_prompt: str | None,
    progress: Progress | None,
) -> OnnxEncoder:
    """Load the bundled model, prepared first where it is not, and again where it turns out damaged.

    Raises:
        EncoderError: the weights are unusable, or the cache cannot be written.
    """
    query = PROMPTS["query"] if query_prompt is None else query_prompt
    passage = PROMPTS["passage"] if passage_prompt is None else passage_prompt
    own = (query, passage) == tuple(PROMPTS.values())
    identity = source.identity if own else f"{source.identity} {query!r} {passage!r}"

    def load(folder: Path) -> OnnxEncoder:
        return OnnxEncoder(
            folder,
            identity=identity,
            query_prompt=query,
            passage_prompt=passage,
            threads=threads,
            queries=QUERIES if own and source.queries else GRAPH,
        )

    report = progress or (lambda _stage, _share: None)
    folder = prepare(source, report)
    try:
        return load(folder)
    except EncoderError:
        folder = repair(source, report)
    try:
        return load(folder)
    except EncoderError as error:
        raise EncoderError(
            "the model in {folder} cannot be loaded, though its files are as they were prepared "
            "({reason}): perhaps there is too little memory, or another onnxruntime is needed. Run: "
            "chuchu doctor",
            folder=folder,
            reason=error.__cause__,
        ) from error


@dataclass(frozen=True, slots=True)
class Heads:
    """A model of the bundled weights as training changed them, with linear layers on top.

    `trained` is the file of what training changed, `sizes` how many outputs each head has, `observed` gives the inputs
    that its ranges are observed on, as ids. `version` is that of what is prepared, `stage` what is said meanwhile.
    """

    name: str
    version: int
    stage: str
    trained: Path
    sizes: Mapping[str, int]
    observed: Callable[[Inputs], list[list[int]]]


_Model = TypeVar("_Model")


def open_heads(
    heads: Heads, place: Path, load: Callable[[Path, Path], _Model], progress: Progress | None
) -> _Model | None:
    """Load a model, prepared first where this is its first use; None where the weights are not installed.

    `load` takes the folder of the vocabulary and word embeddings, which all models in one cache folder share, and that
    of the model's own graph.

    Raises:
        EncoderError: the weights are unusable, or the cache cannot be written.
    """
    weights = find_bundle()
    if weights is None or not heads.trained.exists():
        return None
    report = progress or (lambda _stage, _share: None)
    source = ModelSource(BUNDLED_MODEL, weights, recipe_here(), place)
    inputs = prepare(source, report)

    def build(folder: Path) -> None:
        report(heads.stage, 0.0)
        trained, texts = TrainedWeights(Bundle(weights), heads.trained), Inputs(inputs)
        greatest = observe(trained, texts, heads.observed(texts))
        (folder / GRAPH).write_bytes(write_heads(trained, source.recipe, greatest, heads.sizes))
        report("prepared", 1.0)

    prints = f"{fingerprint(weights)}-{fingerprint(heads.trained)}"
    folder = place / f"{heads.name}-{prints}-{source.recipe.name}.{heads.version}"
    try:
        return load(inputs, cache.prepared(folder, build, whole=cache.is_unchanged))
    except EncoderError:
        return load(inputs, cache.prepared(folder, build, whole=cache.is_sound))
