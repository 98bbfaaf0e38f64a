"""Questions that lean on the one before."""

from dataclasses import replace

import pytest

from retrieval import Answer, Article, Filters, FollowUp, Hit, Refusal, RefusalKind, follow_up, may_lean, resolved

LAST = Answer("新跃鲤大桥是谁设计的？", 0.9, Filters(), ())


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("花了多少钱？", "新跃鲤大桥花了多少钱？"),
        ("什么时候通车？", "新跃鲤大桥什么时候通车？"),
        ("那后来呢？", "新跃鲤大桥后来怎么样了？"),
        ("还有别的吗？", "关于新跃鲤大桥的报道有哪些"),
        ("为什么？", "新跃鲤大桥为什么？"),
        ("还有别的媒体报道吗？", "关于新跃鲤大桥的报道有哪些"),
        ("那里有多少人？", "新跃鲤大桥那里有多少人？"),
        ("那座多长？", "新跃鲤大桥多长？"),
    ],
)
def test_what_a_question_lacks_is_taken_from_the_last_one(question: str, asked: str) -> None:
    assert follow_up(question, LAST) == FollowUp(asked, "新跃鲤大桥")


@pytest.mark.parametrize(
    ("last", "question", "asked"),
    [
        ("白露号造价多少？", "票价呢？", "白露号票价多少？"),
        ("白露号造价多少？", "那霜降号呢？", "霜降号造价多少？"),
        ("沄州地铁三号线什么时候动工？", "那四号线呢？", "沄州地铁四号线什么时候动工？"),
        ("沄州地铁三号线什么时候动工？", "二號線呢", "沄州地铁二號線什么时候动工？"),
        ("石笕区医院急诊楼决算多少？", "双簰区医院呢？", "双簰区医院急诊楼决算多少？"),
        ("台风白鹭造成几人死亡？", "那台风青雀呢？", "台风青雀造成几人死亡？"),
        ("灯会来了多少人？", "去年呢？", "去年灯会来了多少人？"),
        ("2022年灯会来了多少人？", "那2023年呢？", "2023年灯会来了多少人？"),
        ("三中的校长是谁？", "五中呢", "五中的校长是谁？"),
        ("姚明身高多少？", "那郭韬呢？", "郭韬身高多少？"),
        ("市长卢照水是哪年出生的？", "郭韬呢？", "市长郭韬是哪年出生的？"),
        ("林国栋被判了几年？", "那姚明呢", "姚明被判了几年？"),
        ("济南的GDP是多少？", "那青岛呢？", "青岛的GDP是多少？"),
    ],
)
def test_another_thing_takes_the_place_of_the_one_asked_before(last: str, question: str, asked: str) -> None:
    followed = follow_up(question, Answer(last, 0.9, Filters(), ()))
    assert followed is not None
    assert followed.question == asked
    before, _, after = followed.taken.partition("…")
    assert last.startswith(before), "what is taken is shown"
    assert last.rstrip("？").endswith(after)


@pytest.mark.parametrize(
    ("last", "question", "asked"),
    [
        ("白露号造价多少？", "谁造的？", "白露号谁造的？"),
        ("三中的校长是谁？", "有多少人？", "三中有多少人？"),
        ("姚明什么时候退役？", "身高呢？", "姚明身高呢？"),
        ("济南什么时候通地铁？", "票价呢？", "济南票价呢？"),
        ("姚明的教练是谁？", "高度呢？", "姚明高度呢？"),
        ("青禾剧院什么时候关门？", "为什么要关啊", "青禾剧院为什么要关啊"),
        ("沧澜航运的秦以宁为什么走了？", "谁接了她的位子", "谁接了秦以宁的位子"),
        ("禾塘晚稻估计亩产多少？", "那实际打了多少", "禾塘晚稻估计亩产实际打了多少"),
        ("墨川春拍最贵的是哪件？", "后来钱付了没", "墨川春拍最贵后来钱付了没"),
        (
            "How many lynx was Tarrow Fells going to release?",
            "and how many got out?",
            "Tarrow Fells going how many got out?",
        ),
        ("丁慕白和祁山分别是谁？", "他俩谁的工资高", "丁慕白和祁山谁的工资高"),
        ("卢照水什么时候上任？", "那里有多少人？", "卢照水那里有多少人？"),
        ("2022年灯会来了多少人？", "为什么？", "2022年灯会为什么？"),
        ("凌霜转会到哪个队？", "多少钱？", "凌霜转会多少钱？"),
        ("沄州地铁三号线后来呢？", "花了多少钱？", "沄州地铁三号线花了多少钱？"),
        ("沄州地铁三号线怎么样了", "为什么？", "沄州地铁三号线为什么？"),
        ("When did the Moonlit Bridge open?", "how much did it cost?", "how much did Moonlit Bridge cost?"),
        ("Why was the Moonlit Bridge closed?", "and where is it?", "where is Moonlit Bridge?"),
        ("How much did Moonlit Bridge cost?", "who paid for it?", "who paid for Moonlit Bridge?"),
        ("Moonlit Bridge when was that?", "who was its architect?", "who was Moonlit Bridge's architect?"),
    ],
)
def test_what_was_asked_of_a_thing_is_not_taken_with_it(last: str, question: str, asked: str) -> None:
    followed = follow_up(question, Answer(last, 0.9, Filters(), ()))
    assert followed is not None
    assert followed.question == asked
    assert followed.taken in asked


def test_in_english_too() -> None:
    last = Answer("Who built the Moonlit Bridge?", 0.9, Filters(), ())
    assert follow_up("when was that?", last) == FollowUp("Moonlit Bridge when was that?", "Moonlit Bridge")


@pytest.mark.parametrize(
    "question",
    [
        "青岚县图书馆有多少册书？",
        "碧汐轮渡的票价是多少？",
        "Where is the new library of Qinglan?",
        "有哪些关于茶叶的新闻？",
        "谢谢",
    ],
)
def test_a_full_question_starts_afresh(question: str) -> None:
    assert follow_up(question, LAST) is None


def test_nothing_is_taken_where_nothing_came_before() -> None:
    assert follow_up("花了多少钱？", None) is None


def completed(last: str, question: str) -> str | None:
    followed = follow_up(question, Answer(last, 0.9, Filters(), ()))
    return followed.question if followed else None


@pytest.mark.parametrize(
    ("last", "question", "asked"),
    [
        ("2021年5月蒜价涨了多少？", "那6月呢？", "2021年6月蒜价涨了多少？"),
        ("2018年3月2日法院判了谁？", "5日呢", "2018年3月5日法院判了谁？"),
        ("上半年航运中心来了多少艘船？", "下半年呢？", "下半年航运中心来了多少艘船？"),
        ("市长王海是哪年上任的？", "副市长陈立呢？", "副市长陈立是哪年上任的？"),
        ("台风在海南造成几人死亡？", "广东那边呢？", "台风在广东造成几人死亡？"),
        ("财政部对地方债怎么表态的？", "央行呢", "央行对地方债怎么表态的？"),
        ("台積電去年賺多少？", "聯發科呢？", "聯發科去年賺多少？"),
        ("矿难死了多少人？", "受伤的呢？", "矿难受伤了多少人？"),
        ("利州大学有多少学生？", "老师呢？", "利州大学有多少老师？"),
        ("赵刚因为什么被起诉？", "那赵强又是因为什么？", "赵强因为什么被起诉？"),
        ("宏达公司被罚了吗？", "东升集团呢？", "东升集团被罚了吗？"),
        ("What did Merkel say about the quota?", "and Macron?", "What did Macron say about the quota?"),
        (
            "How many homes burnt in Carlisle in May 2015?",
            "And in Keswick?",
            "How many homes burnt in Keswick in May 2015?",
        ),
        ("What was the unemployment rate in Ohio?", "michigan?", "What was the unemployment rate in michigan?"),
        ("How many people voted in 2016?", "and in 2020?", "How many people voted in 2020?"),
        ("How much was spent in March 2019?", "April?", "How much was spent in April 2019?"),
        ("When will the Northern line reopen?", "What about the Bakerloo line?", "When will the Bakerloo line reopen?"),
    ],
)
def test_a_name_or_date_takes_the_place_of_its_kind(last: str, question: str, asked: str) -> None:
    assert completed(last, question) == asked


@pytest.mark.parametrize(
    ("last", "question", "asked"),
    [
        ("博物馆丢的玉佛是哪个朝代的？", "找回来了吗", "博物馆丢的玉佛找回来了吗"),
        ("科兴疫苗哪天获批的？", "卖到了哪些国家？", "科兴疫苗卖到了哪些国家？"),
        ("地铁7号线经过哪些站？", "几点开始运营", "地铁7号线几点开始运营"),
        ("今年的粮食产量是多少？", "比去年多吗？", "今年的粮食产量比去年多吗？"),
        ("市长王海什么时候被调查的？", "他多大年纪？", "市长王海多大年纪？"),
        ("《晚报》是哪年创刊的？", "这份报纸现在还出吗", "《晚报》现在还出吗"),
        ("姚明身高多少？", "他后来怎么样了", "姚明后来怎么样了"),
        ("姚明身高多少？", "外媒怎么说？", "关于姚明的报道有哪些"),
        ("When was Sheriff Doyle suspended?", "What happened to him?", "What happened to Sheriff Doyle?"),
        ("体育馆什么时候停工的？", "为什么？", "体育馆为什么停工的？"),
        ("When was Sheriff Doyle suspended?", "And then what happened?", "What happened next to Sheriff Doyle?"),
        ("When did the new Yueli bridge open?", "and then?", "What happened next to new Yueli bridge?"),
        ("When did the council cancel the tram?", "Why?", "Why did the council cancel the tram?"),
        ("How long is the Kerch bridge?", "And the cost?", "What was the cost of Kerch bridge?"),
        ("Where is the Danford chemical plant?", "who owns it?", "who owns Danford chemical plant?"),
        ("Which company makes the Nordvax vaccine?", "approved yet?", "Nordvax vaccine approved yet?"),
        ("When was Anna Politkovskaya killed?", "Who did she work for?", "Who did Anna Politkovskaya work for?"),
    ],
)
def test_what_has_no_subject_takes_the_last_one(last: str, question: str, asked: str) -> None:
    assert completed(last, question) == asked


@pytest.mark.parametrize(
    ("last", "question"),
    [
        ("大桥多长？", "普京多大了"),
        ("大桥多长？", "李芳是谁？"),
        ("去年考研报名人数有多少", "今年高考几号"),
        ("谁是县长？", "马航客机找到了吗？"),
        ("大桥多长？", "为什么股市大跌？"),
        ("大桥多长？", "罢工持续了多久？"),
        ("大桥多长？", "多谢你"),
        ("How tall is the Oakmont tower?", "Who is Li Fang?"),
        ("Who runs Harlow Steel?", "And what did the UN say about Yemen in 2018?"),
        ("how many seats did labour lose in 2019", "Is Assange free?"),
        ("When is the inquest?", "thanks, that helps"),
        ("When is the inquest?", "show me the article"),
        ("Who built the bridge of Oresund?", "Wer ist Angela Merkel?"),
        ("Who built the bridge of Oresund?", "Quem ganhou o jogo?"),
        ("Who built the bridge of Oresund?", "Siapa presiden Indonesia?"),
        ("When was Sheriff Doyle suspended?", "Why is the sky blue?"),
        ("When was Sheriff Doyle suspended?", "Floods in Pakistan?"),
        ("姚明身高多少？", "北京房价是多少呢？"),
        ("姚明身高多少？", "中国有多少个省呢？"),
        ("姚明身高多少？", "换成人民币是多少？"),
        ("姚明身高多少？", "北京也下雪了吗？"),
        ("姚明身高多少？", "特朗普又说了什么？"),
        ("姚明身高多少？", "比亚迪的总部在哪里？"),
        ("姚明身高多少？", "和田玉多少钱"),
        ("姚明身高多少？", "外媒怎么看中国经济？"),
        ("姚明身高多少？", "哪些媒体被处罚了？"),
    ],
)
def test_what_names_its_subject_stands_by_itself(last: str, question: str) -> None:
    assert completed(last, question) is None


@pytest.mark.parametrize(
    ("last", "question", "asked"),
    [
        ("2022年灯会来了多少人？", "前一年呢？", "2021年灯会来了多少人？"),
        ("2022年灯会来了多少人？", "那次年呢", "2023年灯会来了多少人？"),
        ("2022年1月来了多少人？", "前一个月呢？", "2021年12月来了多少人？"),
        ("3月1日来了多少人？", "前一天呢？", "2月29日来了多少人？"),
        ("5月3日来了多少人？", "隔天呢？", "5月4日来了多少人？"),
        ("How many came in 2022?", "and the year before?", "How many came in 2021?"),
        ("How many came in 2022?", "What about the following year?", "How many came in 2023?"),
        ("How many came on 31 May 2022?", "the next day?", "How many came on 1 June 2022?"),
        ("¿Cuántos vinieron en 2022?", "¿y en 2021?", "¿Cuántos vinieron en 2021?"),
        ("Сколько жителей в Пекине?", "а в Шанхае?", "Сколько жителей в Шанхае?"),
        ("Qui est le maire de Lyon ?", "et de Paris ?", "Qui est le maire de Paris ?"),
        ("Thị trưởng của Hà Nội là ai?", "còn Đà Nẵng?", "Thị trưởng của Đà Nẵng là ai?"),
        ("ปี 2022 มีนักท่องเที่ยวกี่คน", "แล้ว 2021", "ปี 2021 มีนักท่องเที่ยวกี่คน"),
    ],
)
def test_the_time_next_to_the_one_asked_and_another_name_in_any_language(last: str, question: str, asked: str) -> None:
    followed = follow_up(question, Answer(last, 0.9, Filters(), ()))
    assert followed is not None
    assert followed.question == asked


@pytest.mark.parametrize(
    ("last", "question"),
    [
        ("2022年灯会来了多少人？", "第二天灯会来了多少人？"),
        ("How many came in 2022?", "What happened the year before the war?"),
        ("Wer ist Bürgermeister von Lyon?", "Und wer ist der Polizeichef von Lyon?"),
        ("¿Cuántos vinieron?", "¿y cuándo se inauguró el puente de Yueli?"),
    ],
)
def test_a_whole_question_with_such_words_starts_afresh(last: str, question: str) -> None:
    assert follow_up(question, Answer(last, 0.9, Filters(), ())) is None


@pytest.mark.parametrize(
    "question", ["谁说的？", "哪家媒体报道的？", "消息来源是哪里？", "says who?", "who reported that?"]
)
def test_who_says_so_asks_for_the_reports(question: str) -> None:
    followed = follow_up(question, LAST)
    assert followed is not None
    assert "新跃鲤大桥" in followed.question


@pytest.mark.parametrize(
    ("last", "question", "asked"),
    [
        ("沄州地铁三号线什么时候动工？", "不对，我是问四号线", "沄州地铁四号线什么时候动工？"),
        ("三中的校长是谁？", "我说的是五中", "五中的校长是谁？"),
        ("Who built the Moonlit Bridge?", "no, I meant the Lake Bridge", "Who built the Lake Bridge?"),
        ("白露号造价多少？", "不是说九亿吗，怎么涨了", "白露号怎么涨了"),
        ("白露公司裁了多少人？", "为什么？", "白露公司为什么裁人？"),
        ("白露灯会为啥取消？", "花了多少钱？", "白露灯会花了多少钱？"),
        ("三中新来的校长是谁？", "五中那位呢", "五中新来的校长是谁？"),
        ("¿Cuándo abrieron el puente de Lanbu?", "¿y cuánto costó?", "cuánto costó el puente de Lanbu?"),
        ("Ist der Lauf in Lanbu ausgefallen?", "warum?", "warum der Lauf in Lanbu ausgefallen?"),
        ("Кто построил мост Ланьбу?", "а сколько он стоил?", "сколько он стоил мост Ланьбу?"),
        (
            "How many people were hurt in the Lanbu fire?",
            "where was that?",
            "people hurt in the Lanbu fire where was that?",
        ),
        (
            "How many herons were seen in spring 2022?",
            "and the year after?",
            "How many herons were seen in spring 2023?",
        ),
        ("白鷺座はいつ閉まるの？", "なんで？", "白鷺座はなんで閉まるの？"),
        ("大桥什么时候通车？", "不是说大桥，我说的是隧道", "隧道什么时候通车？"),
        ("电影节最佳影片是谁？", "不是问最佳影片，是问最佳男演员", "电影节最佳男演员是谁？"),
    ],
)
def test_corrections_reasons_and_what_other_languages_leave_out(last: str, question: str, asked: str) -> None:
    assert completed(last, question) == asked


@pytest.mark.parametrize(
    ("last", "question"),
    [
        ("Когда умер Пушкин?", "Кто изобрёл радио?"),
        ("¿Quién construyó el puente de Lanbu?", "¿Quién ganó el mundial?"),
        ("¿Quién construyó el puente de Lanbu?", "que es la inflacion"),
        ("Wann wurde die Brücke in Lanbu eröffnet?", "wie hoch ist die inflation"),
        ("上海有什么好玩的？", "我想问北京房价"),
        ("张三多高？", "我想问什么时候下雨"),
        ("张三多高？", "应该是假新闻吧"),
    ],
)
def test_a_whole_question_of_another_thing_is_left_as_it_is(last: str, question: str) -> None:
    assert completed(last, question) is None


@pytest.mark.parametrize(
    ("last", "question", "asked"),
    [
        ("二号桥不是说今年修好吗", "为啥要推迟", "二号桥为啥要推迟"),
        ("一号桥造价多少", "不是，我问的是修一次花了多少", "一号桥修一次花了多少"),
        ("一号桥检修费多少", "这钱谁出的？", "一号桥检修费谁出的？"),
        ("铜镜后来找到了吗", "谁偷的", "铜镜谁偷的"),
        (
            "When did the Harrowmere tram open?",
            "how much did it cost in the end",
            "how much did Harrowmere tram cost in the end",
        ),
    ],
)
def test_doubts_money_and_more_words_of_its_own(last: str, question: str, asked: str) -> None:
    followed = follow_up(question, Answer(last, 0.9, Filters(), ()))
    assert followed is not None
    assert followed.question == asked


@pytest.mark.parametrize(
    ("last", "answer", "question", "asked"),
    [
        ("云汀中学的新校长是谁", "韩映秋", "她以前在哪教书", "韩映秋以前在哪教书"),
        ("云汀中学的新校长是谁", "去年九月", "她以前在哪教书", "云汀中学的新校长以前在哪教书"),
        ("Who won the race?", "Lena Marsh", "how old is she?", "how old is Lena Marsh?"),
        ("When was the race?", "Lena Marsh", "how long is it?", "how long is race?"),
    ],
)
def test_a_person_is_the_one_who_answered(last: str, answer: str, question: str, asked: str) -> None:
    hit = Hit(1, 1.0, answer, (0, len(answer)), (0, len(answer)), Article("a", answer), answer=(0, len(answer)))
    followed = follow_up(question, Answer(last, 0.9, Filters(), (hit,)))
    assert followed is not None
    assert followed.question == asked


REFUSED = Answer("", 0.1, Filters(), (), Refusal(RefusalKind.UNKNOWN))


@pytest.mark.parametrize(
    ("last", "question", "completed"),
    [
        ("新跃鲤大桥是谁设计的？", "修理费算谁的", "新跃鲤大桥修理费算谁的"),
        ("When did the Harrowmere tram open?", "who's in charge?", "Harrowmere tram: who's in charge?"),
    ],
)
def test_what_is_answered_only_with_the_last_subject_takes_it(last: str, question: str, completed: str) -> None:
    asked = list[str]()

    def answer(text: str) -> Answer:
        asked.append(text)
        return replace(REFUSED, refusal=None) if text == completed else REFUSED

    followed = resolved(question, Answer(last, 0.9, Filters(), ()), answer)
    assert followed is not None
    assert followed.question == completed
    assert asked == [question, completed]
    assert may_lean(question, last)


@pytest.mark.parametrize(
    "question", ["姚明的鞋多大", "2019年灯会花了多少钱", "谢谢", "天气真好", "有哪些关于灯会的新闻"]
)
def test_what_names_a_person_or_a_time_or_asks_nothing_takes_none(question: str) -> None:
    def answer(text: str) -> Answer:
        return replace(REFUSED, refusal=None if text.startswith("新跃鲤大桥") else REFUSED.refusal)

    assert resolved(question, LAST, answer) is None
    assert resolved(question, None, answer) is None


def test_what_is_answered_by_itself_takes_none() -> None:
    assert resolved("修理费算谁的", LAST, lambda _: replace(REFUSED, refusal=None)) is None
