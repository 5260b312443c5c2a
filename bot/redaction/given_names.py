"""Common first names in three scripts: where only a name can tell "I am Rana" from "I am tired".

Written by hand; a name that is missing is still found behind "my name is".
"""

from __future__ import annotations

from bot.redaction.spelling import fold

_LATIN = """
rana mehmet ahmet mustafa ali hasan hüseyin ibrahim ismail osman yusuf murat emre can cem deniz kemal ömer burak
serkan volkan tolga onur ercan erkan hakan kadir kerem levent selim tarık ufuk yavuz zafer ayşe fatma emine hatice
zeynep elif meryem özlem sevgi gül gülay nur nuray aylin ebru esra merve büşra derya dilek filiz hülya leyla melek
nazan pınar selin sibel songül tuğba yasemin yıldız zehra ahmad ahmed mohammed mohamed muhammad mohammad mahmoud
mahmud hamid khaled khalid omar amr youssef yousef tarek tariq samir sami nabil kamal karim hassan hussein hussain
haidar mustapha abdul abdullah abdallah bilal bassam fadi faisal ghassan hani imad jamal khalil luay majed mazen
nader nasser nizar rami rashid riad saad said salim salman wael walid yasser ziad zaid aisha amal amina amira asma
dalia dina fatima fatema ghada hala hanan hiba huda iman jamila khadija laila lama layla lina lubna maha mariam
maryam maya mona muna nada nadia najwa noor nour noura rasha rania reem rima rula ruba sahar salma samira sana sara
sarah shadi suha suhad wafa yara yasmin zainab zahra anna olga elena natalia natalya tatjana tatiana irina svetlana
oksana oxana ludmila galina marina larisa yulia julia julija katja ekaterina daria darya alina polina ksenia
anastasia viktoria vera nadezhda lyudmila valentina alexander aleksandr alexej alexei andrej andrei sergej sergei
sergey dmitri dmitry dimitri ivan igor oleg vladimir wladimir viktor nikolai mikhail michail maxim pavel roman
ruslan stanislav timur vadim vitali yuri juri evgeny jewgeni konstantin kirill artem artjom denis olena oleksandr
andriy serhiy serhii dmytro mykola mykhailo volodymyr vasyl petro taras bohdan ihor yaroslav oleh iryna tetiana
nataliia svitlana kateryna yuliia mariia halyna lesia solomiia zoriana piotr pawel paweł krzysztof andrzej tomasz
jan jerzy marek marcin michał michal grzegorz jakub adam zbigniew łukasz lukasz mateusz rafał rafal dariusz mariusz
wojciech kamil bartosz maciej małgorzata malgorzata katarzyna agnieszka barbara ewa elżbieta elzbieta krystyna
magdalena joanna monika zofia teresa danuta jadwiga janina beata dorota renata iwona aleksandra karolina weronika
kinga reza hossein mohsen mehdi mahdi hamed majid masoud saeed saeid behrouz farhad farid javad kaveh kourosh naser
omid parviz ramin shahram siavash arash babak bahram dariush ebrahim esmail fatemeh zohreh narges shirin parvin mina
mahsa nasrin neda niloufar leila roya sepideh shabnam soraya taraneh yalda azadeh elham farzaneh golnaz jamileh
laleh mahin mitra farideh shukria zarghona najib najibullah gul rahmat rahim karima peter thomas michael andreas
stefan stephan christian markus martin daniel sebastian matthias tobias florian jonas lukas felix maximilian paul
leon finn tim jens uwe klaus hans jürgen wolfgang dieter günter heinz helmut manfred bernd frank ralf dirk sven
maria sabine susanne petra andrea claudia birgit karin ursula gisela ingrid renate helga brigitte angelika heike
anja nicole stefanie melanie sandra katrin kathrin christine christina lisa laura lena hannah hanna johanna sophie
marie emma mia katharina john james robert david william richard joseph charles mary patricia jennifer linda
elizabeth susan jessica karen nancy betty margaret emily kevin brian george edward samuel grace abena kwame kofi
ngozi chidi tesfaye selam abebe hawa fatou mamadou aminata carlos jose juan luis pedro miguel antonio francesca
giulia marco luca paolo giovanni sofia lucia carmen ana dragan zoran milan jovan goran jelena milica dejan arben
agim besnik fatmir florin ion mihai cristina ioana andreea rojin azad berivan dilan ciwan shervan sherko zilan hevin
heval baran diyar
"""
_CYRILLIC = """
анна ольга елена наталья наталия татьяна ирина светлана оксана людмила галина марина лариса юлия катя екатерина
дарья даша алина полина ксения анастасия настя виктория вера надежда валентина мария маша софия соня александр саша
алексей лёша андрей сергей серёжа дмитрий дима иван ваня игорь олег владимир вова виктор николай коля михаил миша
максим макс павел паша роман рома руслан станислав тимур вадим виталий юрий юра евгений женя константин костя кирилл
артём артем денис антон илья никита егор рустам аслан магомед зарина мадина фатима лейла амина эльвира гульнара
айгуль жанна инна нина тамара зоя лидия раиса любовь евгения маргарита регина рана олена наталія тетяна ірина
світлана катерина юлія дарія софія марія олександр олексій андрій сергій дмитро микола михайло володимир василь
петро тарас богдан ігор ярослав віктор павло назар остап євген юрій віталій леся соломія зоряна христина надія любов
віра ганна мар'яна уляна ростислав святослав степан григорій анатолій валерій борис ахмад ахмед мохаммед мухаммад
али хасан кемаль мехмет
"""
_ARABIC = """
رنا محمد احمد أحمد محمود مصطفى علي حسن حسين عمر عمرو خالد يوسف طارق سامر سامي نبيل كمال كريم حيدر عبدالله عبدالرحمن
بلال بسام فادي فيصل غسان هاني عماد جمال خليل لؤي ماجد مازن نادر ناصر نزار رامي راشد رياض سعد سعيد سليم سلمان وائل
وليد ياسر زياد زيد ابراهيم إبراهيم اسماعيل عائشة امل أمل امينة أمينة اميرة أميرة اسماء أسماء داليا دينا فاطمة غادة
هالة حنان هبة هدى ايمان إيمان جميلة خديجة ليلى لمى لينا لبنى مها مريم مايا منى ندى نادية نجوى نور نورا رشا رانيا ريم
ريما رولا ربى سحر سلمى سميرة سناء سارة سهى وفاء يارا ياسمين زينب زهراء زهرة شادي باسل جورج الياس إلياس ميشيل انطون
حنا يحيى عيسى موسى داود سليمان عادل عصام حسام هشام وسام قاسم جابر صالح مروان عدنان رضا مهدی حامد حمید مجید مسعود
سعید بهروز فرهاد فرید جواد کاوه کوروش امید پرویز رامین شهرام سیاوش آرش بابک بهرام داریوش فاطمه زهرا نرگس شیرین پروین
مینا مهسا نسرین ندا نیلوفر لیلا رویا سپیده شبنم ثریا ترانه یلدا آزاده الهام فرزانه گلناز جمیله لاله مهین میترا فریده
شکریه نجیب نجیب‌الله گل رحمت رحیم کریمه محسن حسین علی محمدرضا علیرضا امیر سینا پویا نیما کیان آرمان سهراب سمیرا مریم
سارا هانیه الناز مهناز شهلا طاهره معصومه پریسا آیدا ساناز زهره عباس اکبر اصغر غلام حبیب ذبیح زلمی تمنا فرشته پرستو
"""
GIVEN_NAMES = frozenset(fold(name) for script in (_LATIN, _CYRILLIC, _ARABIC) for name in script.split())
"""In the spelling of `fold`."""
_WORDS = """
can selam hala sami ebru deniz gül derya pınar nur roman frank jan dilek sevgi özlem yıldız yasemin melek iman grace
onur cem levent soraya baran omid gul rahim вера надежда любовь роман слава надія віра любов роман
"""
ALSO_WORDS = frozenset(map(fold, _WORDS.split()))
"""At the beginning of a sentence these are words more often than names."""
