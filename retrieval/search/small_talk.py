"""Greetings, thanks and requests for help: what is said to the one who answers, and asks nothing of the archive."""

import re

from retrieval.store.protocols import Words
from retrieval.text import fold
from retrieval.text.words import query_words

_TALK = re.compile(
    "(?:你|您|大家)?好(?:啊|呀|吗|不好)?"
    "|你(?:是不)?是(?:一个)?(?:机器人|ai|人工智能|真人|人)吗?|are you (?:an? )?(?:ro)?(?:bot|ai|human|real)(?: person)?"
    "|你是谁|你叫什么(?:名字)?|你会(?:做)?什么|在吗|在不在|有人吗"
    "|(?:早上|上午|中午|下午|晚上)好|早安|晚安|早"
    "|(?:多谢|谢谢|感谢)(?:你|您|大家|了|啦)*|不客气|没事了?"
    "|再见|拜拜|回头见|哈+|呵+|嗯+|哦+|好的?|行|可以|知道了|明白了?|测试|test"
    "|hi|hello|hey|good (?:morning|afternoon|evening|night)|how are you|who are you|what can you do"
    "|thanks?(?: you)?(?: very much| a lot)?|ok(?:ay)?|yes|no|bye|good ?bye|see you|lol|ha(?:ha)+"
    "|(?:请问)?(?:这个?|本|机器人)?(?:要|该|应该)?(?:怎么|如何|怎样)(?:使)?用(?:你|这个|它)?"
    "|(?:请问)?(?:你|您)?(?:能|可以|会)(?:帮我)?(?:做|干|回答)(?:些|点)?(?:什么|啥)(?:问题|事情?)?"
    "|(?:你|您)?(?:有(?:什么|哪些|啥)|的)功能(?:是什么|有哪些)?|使用(?:说明|方法|帮助)|帮助|帮帮我"
    "|(?:请)?(?:帮我)?(?:总结|概括|列出|介绍|汇总)(?:一下|下)?(?:这个|你的|整个)?(?:知识库|资料库|数据库|档案库|库)(?:里|中)?的?"
    "(?:所有|全部|一切)?的?(?:文章|内容|资料|新闻|文件)?"
    "|我?(?:该|能|可以)?(?:怎么|如何)(?:向你)?提问|我?(?:能|可以)问(?:你)?(?:些)?(?:什么|啥)(?:问题)?"
    "|help(?: me)?(?:,? please)?|please help(?: me)?|usage|instructions|what (?:do you do|can i ask(?: you)?|are you)"
    "|how (?:does (?:this|it) work|do you work|(?:do|can) i (?:use|ask) (?:this|it|you)|to use(?: (?:this|it))?)"
    "|(?:これ)?使い方(?:は|を教えて)?|何ができ(?:る|ます)(?:の|か)?|ヘルプ|助けて"
    "|こんにちは|こんばんは|おはよう(?:ございます)?|ありがとう(?:ございます|ございました)?|さようなら|はい|いいえ"
    # folded: without accents
    "|hallo|guten (?:tag|morgen|abend)|danke(?: schon)?|vielen dank|tschuss|hola|buen[oa]s (?:dias|tardes|noches)"
    "|(?:muchas )?gracias|adios|ola|bom dia|boa (?:tarde|noite)|(?:muito )?obrigad[oa]|bonjour|bonsoir|salut"
    "|merci(?: beaucoup)?|au revoir|ciao|buongiorno|buonasera|(?:mille )?grazie|arrivederci|buna(?: ziua)?|multumesc"
    "|merhaba|selam|tesekkur(?:ler| ederim)|sag ?ol|xin chao|chao(?: ban)?|(?:xin )?cam on(?: ban)?|halo"
    "|selamat (?:pagi|siang|sore|malam)|terima kasih|czesc|dzien dobry|dzi[eę]kuj[eę]|goedendag|dank je(?: wel)?"
    "|bedankt|hej|tack|привет|здравствуите|добр(?:ыи день|ое утро|ыи вечер)|(?:большое )?спасибо(?: большое)?|пока"
    "|привіт|дякую|γεια(?: σ(?:ου|ασ))?|καλημερα|καλησπερα|ευχαριστω|مرحبا|السلام عليكم|أهلا|شكرا(?: لك)?|नमस्ते|धन्यवाद"
    "|शुक्रिया|hilfe|wie funktioniert (?:das|es)|ayuda|como funciona(?: esto| isto)?|ajuda|aide|comment ca marche|aiuto"
    "|come funziona|помощь|помоги(?:те)?|как это работает|yardim|giup(?: toi| do)?|bantuan|مساعدة|도움말|मदद"
    "|สวัสดี(?:ครับ|ค่ะ)?|ขอบคุณ(?:ครับ|ค่ะ|มาก)?|안녕(?:하세요)?|감사(?:합니다|해요)|고마워(?:요)?"
)
_LETTERS = re.compile(r"[^\W\d_]|\d")
ENDS = " \t!！?？¡¿.。,，~～…、;；:：)）(（"


def is_talk_over(words: Words, question: str) -> bool:
    """Return whether a question is small talk in an archive of these words; emoji alone are, if it has none of them."""
    if not is_small_talk(question):
        return False
    return bool(_LETTERS.search(question)) or not any(term.passages for term in words.terms(query_words(question)))


def is_small_talk(question: str) -> bool:
    """Return whether a question is a greeting, thanks, or no word at all."""
    folded = fold(question).strip(ENDS)
    if not _LETTERS.search(folded):
        return True
    parts = [part.strip(ENDS) for part in re.split(r"[!！?？¡¿.。,，~～\s]+", folded)]
    return bool(_TALK.fullmatch(folded)) or all(_TALK.fullmatch(part) for part in parts if part)
