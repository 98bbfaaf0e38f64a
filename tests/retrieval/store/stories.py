"""Invented local news: stories put together from interchangeable clauses, and bulletins that fill in a form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

Grammar = Mapping[str, str]
"""What may stand for `{name}`, separated by spaces; digits are the bounds of a figure: `{20-900}`, `{1.0-9.9}`."""


@dataclass(frozen=True, slots=True)
class Story:
    """One article: the title and the paragraphs of its body."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


NAMES: Grammar = {
    "place": "沄江市 苕西县 渌水镇 檀溪乡 洛栗县 泽皋市 柏沔县 塔川市 梅浔市 宁隰县 竹沅县 丹溆县 鹤坪县 望溧县",
    "person": "郗砚 綦小满 濮阳青 逄树根 亓官鹤 戚晚 端木蔚 澹台青 厍秋禾 连小川 仇阿苧 郦一帆 纪怀沙 虞小舟 佘望舒",
    "post": "局长 副局长 项目经理 镇长 站长 负责人 校长 院长 总工程师 馆长 理事长 村支书",
    "office": "交通局 水利局 教育局 文化馆 博物馆 供电公司 农业服务中心 卫生院 住建局 气象台 合作社 图书馆",
}

TOPICS: Mapping[str, Grammar] = {
    "道路": {
        "thing": "跨江大桥 环城公路 三号隧道 通村水泥路 高架匝道 旧渡口码头 绕城快线 滨河步道",
        "deed": "正式通车 开始铺设沥青 完成主体合龙 通过交工验收 启动拓宽改造 恢复双向通行 打通最后一段断头路",
        "unit": "公里 米 个桥墩 根桩 车道 盏路灯",
    },
    "教育": {
        "thing": "寄宿制小学 职业高中 村小教学点 县一中新校区 幼儿园 特殊教育学校 乡村图书室 航模队",
        "deed": "迎来第一批新生 搬进新教学楼 取消晚自习补课 试行弹性放学 拿下全省一等奖 招满三个班 与海岛小学结对",
        "unit": "名学生 间教室 位教师 张课桌 册图书 个班",
    },
    "农业": {
        "thing": "早熟蜜橘 明前茶 冷水稻 高山萝卜 稻田鱼 红心柚 菌菇大棚 桑叶鸡",
        "deed": "开秤收购 遭遇倒春寒 首次出口海外 卖出历年最高价 改用订单种植 推迟半个月上市 全部投了保险",
        "unit": "亩 吨 户茶农 个大棚 斤 箱",
    },
    "防汛": {
        "thing": "城西排涝泵站 上游水库 老河堤 低洼住户 雨量监测网 应急抢险队 山洪预警系统 临时安置点",
        "deed": "提前腾出库容 连夜加固 安全转移完毕 经受住洪峰考验 换上新设备 完成汛前检修 查出三处渗漏",
        "unit": "立方米 名群众 台水泵 处险情 个沙袋 毫米",
    },
    "文化": {
        "thing": "蓑衣戏班 木簰号子 古戏台 灯彩作坊 竹刻展 民间剧团 铜锣铸造技艺 渔歌合唱团",
        "deed": "列入省级名录 走进中学课堂 修缮后重新开放 迎来首个外国学员 录完全部唱段 登上春节晚会 找回失传曲谱",
        "unit": "出戏 件展品 位传承人 场演出 段录音 名观众",
    },
    "工业": {
        "thing": "轴承厂三期 纺织园区 光伏组件线 旧船厂 食品加工企业 储能电站 陶瓷窑炉 冷链仓库",
        "deed": "投产 全面复工 完成搬迁 接到海外大单 换装电窑 停产检修 签下十年供货合同",
        "unit": "万元 名工人 条生产线 台机床 吨标准煤 家客户",
    },
}

CLAUSES: Grammar = {
    "when": "昨天上午 本周三下午 日前 清明前夕 入冬以来 {1-12}月{1-28}日 {1-12}月中旬 这个周末 傍晚六点 天刚蒙蒙亮 今年年初 雨停之后",
    "source": "记者从{office}获悉 据{post}{person}介绍 {office}发布消息称 知情人士透露 {place}政府在通报中说 当地居民告诉记者 现场公告显示 一份报告写道",
    "scene": "围观的人把路口堵得水泄不通 空气里还有新刷油漆的味道 几位老人搬来竹椅坐下看热闹 孩子们追着洒水车跑 锣鼓从早响到晚 地上的爆竹屑扫了三遍 河面上的雾还没有散 摊贩早早占好了位置 有人当场掉了眼泪 大家举着手机拍个不停",
    "cause": "原材料价格上涨 连续阴雨 设计图纸几经修改 资金迟迟没有到位 征地谈判拖了很久 年轻人大多外出打工 老设备故障频发 上级要求提前完成 两家承包商互相推诿 技术人员不足",
    "effect": "工期因此推迟了{2-11}个月 成本比预算高出{3-40}% 周边{2-30}个村受益 每年能省下{20-900}万元 报名人数翻了{2-5}倍 等候时间缩短到{5-50}分钟 收入提高了{4-35}% 事故减少了{6-70}% 投诉只剩{1-19}件 用电量下降{3-29}%",
    "plan": "明年春天再开放{2-9}处 下一步将扩大到整个{place} 剩下的工程预计{3-18}个月完工 还要招募{10-90}名志愿者 先试行半年再作调整 把经验写成手册分发 向省里申请{100-990}万元补助 年底前公布全部账目 请第三方重新评估 增设{3-60}个监测点",
    "saying": "这件事我等了{3-40}年 账要算清楚，路要走稳当 没有他们就没有今天 谁也不能打包票 起初我是反对的 数字好看不算数，大家说好才算 先别急着鼓掌 我一晚上没合眼 该花的钱一分也省不得 能吃上热饭就知足了 往后不用再绕远路了 换了别人早就放弃了",
    "past": "早在{1975-2015}年就有人提过 最初只有{3-30}人参与 前后换过{2-7}任负责人 曾因故中断{2-9}年 图纸改了{4-20}稿 老一辈靠肩挑手提 那时全县只有{2-15}台车 档案里只留下{1-6}页记载",
    "amount": "总投资{1.1-9.9}亿元 共计{30-990}{unit} 涉及{2-60}{unit}和{3-80}{unit} 比上年增加{2-500}{unit} 约合{200-9900}{unit} 其中{10-90}{unit}为今年新增 最多的一天有{40-800}{unit} 平均每{unit}花费{2-70}元",
    "verb": "表示 说 坦言 解释 回忆 笑着说 反复强调 补充道",
    "who": "{post}{person} {office}{post}{person} 住在附近的{person} {20-89}岁的{person} 专程赶来的{person} 参与其中的{person}",
}

SENTENCES: Sequence[str] = (
    "{source}，{when}，{place}{thing}{deed}，{amount}。",
    "{when}，{scene}，{who}{verb}：“{saying}。”",
    "由于{cause}，{effect}，{who}对此并不意外。",
    "{thing}的来历不短，{past}，{past}。",
    "“{saying}，”{who}{verb}，“{saying}。”",
    "{who}{verb}，{plan}，并且{plan}。",
    "{amount}，{amount}，{effect}。",
    "也有人担心{cause}会让{thing}难以为继，{who}{verb}，{plan}。",
    "{when}，{scene}；{when}，{who}又到{thing}看了一遍。",
    "{source}，{effect}，{amount}，{plan}。",
    "{office}与{office}已经商定，{plan}，{amount}。",
    "说起{cause}，{who}{verb}：“{saying}，{saying}。”",
)

BULLETINS: Mapping[str, str] = {
    "天气": (
        "{city}气象台{month}月{day}日16时发布天气预报：今天夜里到明天白天，{sky}转{sky}，偏{wind}风{2-3}到{4-5}级，最高气温{12-33}℃，"
        "最低气温{1-11}℃，相对湿度{30-90}%。\n生活指数：紫外线{mild}，洗车指数{mild}，晨练指数{mild}，建议市民根据气温变化及时增减衣物，"
        "老人和儿童外出注意保暖，驾车出行保持车距。\n{city}气象台服务热线12121，全天24小时为您提供天气信息，更多内容请关注本台微信公众号。"
    ),
    "疫情": (
        "{month}月{day}日0时至24时，{city}新增本土确诊病例{1-60}例，新增无症状感染者{1-90}例，当日转归{0-20}例，解除隔离医学观察{3-400}人。"
        "\n截至{month}月{day}日24时，全市累计报告确诊病例{400-990}例，累计治愈出院{100-390}例，现有在院治疗{5-90}例，均病情稳定，"
        "尚在接受医学观察的密切接触者{100-2900}人。\n{city}疾控中心提醒广大市民，坚持戴口罩、勤洗手、常通风、少聚集，"
        "保持一米线社交距离，出现发热咳嗽等症状及时到就近发热门诊就诊，就诊途中避免乘坐公共交通工具。"
    ),
    "零病例": (
        "{month}月{day}日0时至24时，{city}无新增本土确诊病例，无新增无症状感染者，无新增疑似病例。\n疾控部门提醒广大市民，"
        "坚持戴口罩、勤洗手、常通风、少聚集，保持一米线社交距离，出现发热咳嗽等症状及时就诊，如有疑问请拨打12345。"
    ),
    "彩票": (
        "乐享双色第2023{100-299}期开奖，红色球号码为{1-9}、{10-14}、{15-19}、{20-24}、{25-29}、{30-33}，蓝色球号码为{1-16}。\n"
        "当期一等奖开出{1-19}注，单注奖金{5000000-9999999}元；二等奖{60-250}注，单注奖金{90000-300000}元。"
        "本期全国销量{310000000-399999999}元，奖池滚存{9.1-19.9}亿元。\n中奖者请自开奖之日起60日内持票到{city}兑奖中心兑奖，"
        "兑奖时须出示本人有效证件，逾期未兑视为弃奖，弃奖奖金纳入调节基金。"
    ),
    "菜价": (
        "{city}农贸市场{month}月{day}日批发价格（元/公斤）：大白菜{1.1-2.9}，土豆{2.1-4.9}，番茄{3.1-8.9}，黄瓜{2.2-7.9}，猪肉{18.1-36.9}，"
        "草鱼{11.1-19.9}，鸡蛋{8.1-12.9}。\n与前一日相比，蔬菜均价{trend}，猪肉价格{trend}，水产品价格{trend}，市场货源充足，交易秩序平稳。"
        "\n以上数据由{city}商务部门采集整理，仅供参考，实际成交价格以市场为准。"
    ),
    "水情": (
        "{city}水文站通报，{month}月{day}日8时，沄江水位{41.01-49.99}米，流量每秒{300-2900}立方米，较昨日同期{trend}；上游水库蓄水量{3.1-6.9}亿立方米，"
        "出库流量每秒{90-990}立方米。\n未来三天流域内{sky}，累计雨量{5-90}毫米，水位预计{trend}。请沿江群众密切关注水位变化，"
        "不要下河游泳、垂钓，船只按规定靠泊避险。"
    ),
}
FORM: Grammar = {
    "sky": "晴 多云 阴 小雨 中雨 阵雨 大雨",
    "wind": "东 南 西 北 东南 西北",
    "mild": "较强 中等 较弱 适宜 不宜 较适宜",
    "trend": "略有上涨 基本持平 小幅回落 明显上升 稳中有降",
}

_SLOT = re.compile(r"\{([^{}]+)\}")


def write(pattern: str, grammar: Grammar, random: Random) -> str:
    """Fill in the slots of a pattern, and the slots of what was filled in."""
    while slot := _SLOT.search(pattern):
        pattern = f"{pattern[: slot.start()]}{_fill(slot[1], grammar, random)}{pattern[slot.end() :]}"
    return pattern


def _fill(name: str, grammar: Grammar, random: Random) -> str:
    if name in grammar:
        return random.choice(grammar[name].split())
    low, high = name.split("-")
    if "." in low:
        digits = len(low.split(".")[1])
        return f"{random.uniform(float(low), float(high)):.{digits}f}"
    return str(random.randint(int(low), int(high)))


def cast(random: Random) -> Grammar:
    """Choose what a story is about: a topic, one or two places, a few people and offices."""
    topic = TOPICS[random.choice(sorted(TOPICS))]
    names = {name: " ".join(random.sample(values.split(), 3)) for name, values in NAMES.items()}
    return {**CLAUSES, **names, **topic, "thing": " ".join(random.sample(topic["thing"].split(), 2))}


def make_story(random: Random, grammar: Grammar | None = None, sentences: int | None = None) -> Story:
    """Write a story about what `grammar` casts, a new cast unless given."""
    grammar = grammar or cast(random)
    patterns = [random.choice(SENTENCES) for _ in range(sentences or random.randint(9, 20))]
    written = [write(pattern, grammar, random) for pattern in patterns]
    return Story(write("{place}{thing}{deed}", grammar, random), tuple(paragraphs(written, random)))


def paragraphs(sentences: Sequence[str], random: Random) -> list[str]:
    """Join one to four sentences a paragraph."""
    made, rest = [], list(sentences)
    while rest:
        size = random.randint(1, 4)
        made.append("".join(rest[:size]))
        rest = rest[size:]
    return made


def make_bulletins(kind: str, random: Random) -> tuple[Story, Story]:
    """Fill in one form for two days of one city."""
    city, month, day = random.choice(NAMES["place"].split()), random.randint(1, 12), random.randint(1, 27)
    days = [
        {**FORM, "city": city, "month": str(month), "day": str(which)} for which in (day, random.randint(day + 1, 28))
    ]
    one, other = (write(BULLETINS[kind], grammar, random).split("\n") for grammar in days)
    return Story(f"{city}{kind}", tuple(one)), Story(f"{city}{kind}", tuple(other))
