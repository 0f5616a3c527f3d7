/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words of the shop floor in English, Korean and German, included by registry/bench_data.c only:
 * what generated templates are about. Frequent ones first. A component and a quantity together are
 * a property ("spindle temperature"); German takes the component in the form it has in a compound.
 */
/* clang-format off */
static const char *const equipment[][BENCH_LANGUAGES] = {
    {"machine tool", "공작기계", "Werkzeugmaschine"}, {"press", "프레스", "Presse"},
    {"welding robot", "용접 로봇", "Schweißroboter"}, {"injection moulding machine", "사출 성형기", "Spritzgießmaschine"},
    {"heat treatment furnace", "열처리로", "Wärmebehandlungsofen"}, {"coordinate measuring machine", "3차원 측정기", "Koordinatenmessgerät"},
    {"conveyor", "컨베이어", "Förderband"}, {"lathe", "선반", "Drehmaschine"},
    {"milling machine", "밀링 머신", "Fräsmaschine"}, {"grinding machine", "연삭기", "Schleifmaschine"},
    {"air compressor", "공기 압축기", "Luftkompressor"}, {"hydraulic power unit", "유압 유닛", "Hydraulikaggregat"},
    {"cooling tower", "냉각탑", "Kühlturm"}, {"centrifugal pump", "원심 펌프", "Kreiselpumpe"},
    {"laser cutter", "레이저 절단기", "Laserschneidanlage"}, {"die casting machine", "다이캐스팅 머신", "Druckgießmaschine"},
    {"automated guided vehicle", "무인 운반차", "Fahrerloses Transportfahrzeug"}, {"packaging line", "포장 라인", "Verpackungslinie"},
    {"spray booth", "도장 부스", "Lackierkabine"}, {"assembly cell", "조립 셀", "Montagezelle"},
    {"gear hobbing machine", "호빙 머신", "Wälzfräsmaschine"}, {"electric discharge machine", "방전 가공기", "Erodiermaschine"},
    {"bending machine", "절곡기", "Biegemaschine"}, {"forging hammer", "단조 해머", "Schmiedehammer"},
    {"extruder", "압출기", "Extruder"}, {"dryer", "건조기", "Trockner"},
    {"mixing vessel", "혼합 용기", "Mischbehälter"}, {"filling machine", "충전기", "Abfüllmaschine"},
    {"storage rack", "보관 랙", "Lagerregal"}, {"bridge crane", "천장 크레인", "Brückenkran"},
    {"vision inspection system", "비전 검사기", "Bildprüfsystem"}, {"leak tester", "누설 시험기", "Dichtheitsprüfgerät"},
    {"transformer", "변압기", "Transformator"}, {"switchgear", "배전반", "Schaltanlage"},
    {"chiller", "냉동기", "Kältemaschine"}, {"dust collector", "집진기", "Staubabscheider"},
};
static const char *const aspects[][BENCH_LANGUAGES] = {
    {"technical data", "기술 자료", "Technische Daten"}, {"operating data", "운전 데이터", "Betriebsdaten"},
    {"maintenance plan", "정비 계획", "Wartungsplan"}, {"process parameters", "공정 매개변수", "Prozessparameter"},
    {"inspection report", "검사 성적서", "Prüfbericht"}, {"energy monitoring", "에너지 모니터링", "Energiemonitoring"},
    {"condition monitoring", "상태 감시", "Zustandsüberwachung"}, {"alarm history", "경보 이력", "Alarmhistorie"},
    {"calibration record", "교정 기록", "Kalibriernachweis"}, {"spare parts list", "예비 부품 목록", "Ersatzteilliste"},
    {"production order", "생산 지시", "Fertigungsauftrag"}, {"tool management", "공구 관리", "Werkzeugverwaltung"},
    {"carbon footprint", "탄소 발자국", "CO2-Fußabdruck"}, {"safety instructions", "안전 지침", "Sicherheitshinweise"},
    {"commissioning protocol", "시운전 기록", "Inbetriebnahmeprotokoll"}, {"fault diagnosis", "고장 진단", "Fehlerdiagnose"},
    {"material certificate", "소재 증명서", "Werkstoffzeugnis"}, {"digital nameplate", "디지털 명판", "Digitales Typenschild"},
    {"layout drawing", "배치 도면", "Aufstellungsplan"}, {"training record", "교육 기록", "Schulungsnachweis"},
};
static const char *const processes[][BENCH_LANGUAGES] = {
    {"machining", "절삭 가공", "Zerspanung"}, {"welding", "용접", "Schweißen"},
    {"forming", "성형", "Umformung"}, {"assembly", "조립", "Montage"},
    {"heat treatment", "열처리", "Wärmebehandlung"}, {"final inspection", "최종 검사", "Endprüfung"},
    {"injection moulding", "사출 성형", "Spritzgießen"}, {"painting", "도장", "Lackierung"},
    {"cleaning", "세척", "Reinigung"}, {"packaging", "포장", "Verpackung"},
    {"hardening", "담금질", "Härten"}, {"tempering", "뜨임", "Anlassen"},
    {"grinding", "연삭", "Schleifen"}, {"deburring", "디버링", "Entgraten"},
    {"die casting", "다이캐스팅", "Druckguss"}, {"forging", "단조", "Schmieden"},
    {"leak testing", "누설 시험", "Dichtheitsprüfung"}, {"coating", "코팅", "Beschichtung"},
};
static const char *const components[][BENCH_LANGUAGES] = {
    {"spindle", "주축", "Spindel"}, {"motor", "모터", "Motor"}, {"mould", "금형", "Werkzeug"},
    {"bearing", "베어링", "Lager"}, {"cylinder", "실린더", "Zylinder"}, {"coolant", "절삭유", "Kühlmittel"},
    {"oil", "작동유", "Öl"}, {"furnace", "가열로", "Ofen"}, {"electrode", "전극", "Elektroden"},
    {"nozzle", "노즐", "Düsen"}, {"gearbox", "감속기", "Getriebe"}, {"slide", "슬라이드", "Stößel"},
    {"ram", "램", "Bär"}, {"turret", "터릿", "Revolver"}, {"axis", "이송축", "Achs"}, {"workpiece", "공작물", "Werkstück"},
    {"pallet", "팔레트", "Paletten"}, {"filter", "필터", "Filter"}, {"valve", "밸브", "Ventil"},
    {"pump", "펌프", "Pumpen"}, {"belt", "벨트", "Band"}, {"clamp", "클램프", "Spann"}, {"torch", "토치", "Brenner"},
    {"screw", "스크루", "Schnecken"}, {"barrel", "배럴", "Plastifizier"}, {"chamber", "챔버", "Kammer"},
    {"inverter", "인버터", "Umrichter"}, {"brake", "브레이크", "Brems"}, {"chuck", "척", "Spannfutter"},
    {"fixture", "지그", "Vorrichtungs"}, {"camera", "카메라", "Kamera"}, {"probe", "프로브", "Taster"},
};
static const char *const quantities[][BENCH_LANGUAGES] = {
    {"temperature", "온도", "temperatur"}, {"pressure", "압력", "druck"}, {"speed", "속도", "geschwindigkeit"},
    {"vibration", "진동", "schwingung"}, {"torque", "토크", "moment"}, {"current", "전류", "strom"},
    {"power", "전력", "leistung"}, {"position", "위치", "position"}, {"force", "하중", "kraft"},
    {"flow rate", "유량", "durchfluss"}, {"level", "수위", "füllstand"}, {"voltage", "전압", "spannung"},
    {"wear", "마모량", "verschleiß"}, {"tolerance", "공차", "toleranz"}, {"roughness", "조도", "rauheit"},
    {"hardness", "경도", "härte"}, {"cycle time", "주기 시간", "taktzeit"}, {"service life", "수명", "lebensdauer"},
    {"mass", "질량", "masse"}, {"diameter", "직경", "durchmesser"}, {"humidity", "습도", "feuchte"},
    {"efficiency", "효율", "wirkungsgrad"}, {"serial number", "일련번호", "seriennummer"}, {"count", "개수", "anzahl"},
};
/* {E} equipment, {A} aspect, {P} process, {1} {2} properties, {M} make, {S} site, {N} model. */
static const char *const sentences[][BENCH_LANGUAGES] = {
    {"Records {1} and {2} of the {E} during {P}.", "{P} 중 {E}의 {1}와 {2}를 기록한다.", "Erfasst {1} und {2} der Anlage {E} beim Vorgang {P}."},
    {"{A} for every {E} of {M}, model {N}.", "{M} {E} {N}의 {A}.", "{A} für jede {E} von {M}, Baureihe {N}."},
    {"Limits of the {1} are monitored and reported to the plant in {S}.", "{1}의 한계값을 감시하여 {S} 공장에 알린다.", "Grenzwerte der {1} werden überwacht und an das Werk {S} gemeldet."},
    {"The {2} is measured after {P} and compared with its nominal value.", "{P} 후 {2}를 측정하여 기준값과 비교한다.", "Die {2} wird nach dem Schritt {P} gemessen und mit dem Sollwert verglichen."},
    {"Used in {P} where the {1} decides about the quality of the product.", "{1}가 제품 품질을 좌우하는 {P}에 사용한다.", "Für {P}, wo die {1} über die Qualität des Produkts entscheidet."},
    {"Exchange the part when the {1} leaves its tolerance.", "{1}가 허용 범위를 벗어나면 부품을 교체한다.", "Das Teil ist zu tauschen, wenn die {1} außerhalb der Toleranz liegt."},
};
static const char *const sites[][BENCH_LANGUAGES] = {
    {"Ulsan", "울산", "Ulsan"}, {"Changwon", "창원", "Changwon"}, {"Stuttgart", "슈투트가르트", "Stuttgart"},
    {"Gumi", "구미", "Gumi"}, {"Dresden", "드레스덴", "Dresden"}, {"Gwangju", "광주", "Gwangju"},
    {"Aachen", "아헨", "Aachen"}, {"Pohang", "포항", "Pohang"}, {"Graz", "그라츠", "Graz"}, {"Daegu", "대구", "Daegu"},
    {"Chemnitz", "켐니츠", "Chemnitz"}, {"Hwaseong", "화성", "Hwaseong"},
};
/* Of which names of makes are put together, in Latin and Korean letters. */
static const char *const syllables[][BENCH_LANGUAGES] = {
    {"ba", "바", ""}, {"ko", "코", ""}, {"ri", "리", ""}, {"ton", "톤", ""}, {"ha", "하", ""}, {"mi", "미", ""},
    {"ser", "서", ""}, {"do", "도", ""}, {"van", "반", ""}, {"tec", "텍", ""}, {"lu", "루", ""}, {"ma", "마", ""},
    {"gen", "겐", ""}, {"si", "시", ""}, {"po", "포", ""}, {"ran", "란", ""},
};
/* clang-format on */
