"""Invented texts: a report to be damaged, and texts with brackets that must stay as they are."""

REPORT = """云岭县入春以来雨水偏少，县水务局组织四百多名党员干部下到各个乡镇，帮助农民修整水渠、检查机井。
“今年的旱情比去年来得早，但是大家的劲头很足。”水务局副局长何文远说，全县已经修复水渠六十二公里，新打机井十八口。
在青石镇，记者看到村民们正在给刚刚栽下的烟苗浇水。村支书罗建军介绍，镇里把抗旱资金直接拨付到村，重担由干部来挑，村民只管按时浇地。
“一天要浇三遍，人手不够，县里就派来了志愿者。”种植大户马春莲说。她家的三十亩辣椒全部按时移栽，预计六月上旬可以采摘。
县气象台预报，未来十天仍然没有明显的降雨过程。为此，县里要求各单位继续执行每日报告制度，对水库的存水实行统一调度，优先保障居民饮水。
旁山冲社区的饮水工程将在下月动工，建成后可以解决五千余人的用水问题。县纪委对抗旱资金的使用进行监督，确保每一笔钱都用在实处。
去年冬天，全县完成高标准农田建设两万三千亩，学校、医院和养老院的供水管网也进行了改造。负责施工的企业表示，将在汛期到来之前完成剩余的工程。"""

UNDAMAGED = {
    "one gloss": "「項(xiàng)」字在這裡讀作去聲，意思是脖子的後部，引申為條目、項目。",
    "outlets and labels": "世界衛生組織(WHO)表示，新冠病毒(COVID-19)的傳播正在放緩(圖)。張三(左二)、李四(右一)出席(附表)。",
    "vocabulary of changed characters": "龍(lóng)、鳳(fèng)、龜(guī)、馬(mǎ)、鳥(niǎo)、魚(yú)、貓(māo)、雞(jī)、鴨(yā)、豬(zhū)。",
    "vocabulary, a word a line": "恐龍(lóng)\n鳳(fèng)凰\n烏龜(guī)\n白馬(mǎ)\n小鳥(niǎo)\n鯉魚(yú)\n雞(jī)蛋\n門(mén)口",
    "lesson that glosses every new character": "今(jīn)天(tiān)我們(men)學(xué)習(xí)古(gǔ)詩(shī)，請(qǐng)大(dà)家(jiā)打(dǎ)開(kāi)課(kè)本(běn)，先(xiān)讀(dú)一遍(biàn)，"
    "再(zài)看(kàn)圖(tú)說(shuō)話(huà)。",
    "rare characters in prose": "這座老宅的門楣上刻著饕餮(tāo)紋，簷角蹲著螭(chī)吻，院裡立著贔(bì)屭(xì)馱碑，匾上寫著一個龘(dá)字。"
    "村裡的老人說，這些東西都是光緒年間留下來的，當年請了三十多個工匠，花了整整兩年時間才完工，後來又經過幾次修繕。",
    "glosses only where first met": "「鑫(xīn)」與「龘(dá)」都是少見的字。這裡的龘、贔(bì)、屭(xì)、鱻(xiān)、驫(biāo)、飝(fēi)各有來歷，"
    "龘是龍飛的樣子，贔與屭是負重的樣子，鱻是魚的味道，驫是馬跑的樣子。" * 3,
    "wrong readings": "這幾個(yī)人說(èr)的話(sān)我們(sì)聽(wǔ)見了(liù)，對(qī)於問(bā)題(jiǔ)大家還沒(shí)有結(yī)論(èr)。",
    "English": "The ministry (see note) said that (a) rain, (b) wind and (c) heat would last(s). Café (été) née (née). "
    * 5,
    "French": "Le marché (été) reste ouvert (là) pour le maire (né) et l'élu (où). " * 5,
    "Japanese": "東京都(とうきょうと)は、経済産業省(けいさんさんぎょうしょう)と協議した(写真)。" * 5,
    "questions": "你去嗎?!他問:去哪裡?,她說:不知道??。那就算了?”好。" * 5,
    "private-use characters": "這個字\ue011在舊系統裡是自造字\ue265，換了電腦就看不見了\ue071。" * 5,
}
