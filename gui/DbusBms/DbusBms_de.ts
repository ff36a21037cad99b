<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name></name>
    <message id="dbusbms_alarms">
        <source>Pack voltage low
Pack voltage high
Cell voltage low
Cell voltage high
Battery nearly empty
Charge current high
Discharge current high
Too cold to charge
Too hot to charge
Too cold
Too hot
BMS too hot
Cells apart
Temperature sensor
Internal failure
Fuse blown
Contactor
State of health
No contact with the BMS</source>
        <translation>Batteriespannung niedrig
Batteriespannung hoch
Zellspannung niedrig
Zellspannung hoch
Batterie fast leer
Ladestrom hoch
Entladestrom hoch
Zu kalt zum Laden
Zu heiß zum Laden
Zu kalt
Zu heiß
BMS zu heiß
Zellen ungleich
Temperaturfühler
Interner Fehler
Sicherung durchgebrannt
Schütz
Gesundheitszustand
Keine Verbindung zum BMS</translation>
    </message>
    <message id="dbusbms_balancing">
        <source>balancing</source>
        <translation>wird ausgeglichen</translation>
    </message>
    <message id="dbusbms_bank_member">
        <source>Part of the bank</source>
        <translation>Teil der Bank</translation>
    </message>
    <message id="dbusbms_bank_member_help">
        <source>Off: left out for service, without alarms; it is still connected</source>
        <translation>Aus: für Wartung ausgelassen, ohne Alarm; er bleibt angeschlossen</translation>
    </message>
    <message id="dbusbms_bank_of">
        <source>%1 of %2</source>
        <extracomment>%1 of %2: numbers of packs</extracomment>
        <translation>%1 von %2</translation>
    </message>
    <message id="dbusbms_bank_online">
        <source>Packs in use</source>
        <translation>Packs in Gebrauch</translation>
    </message>
    <message id="dbusbms_bank_pack">
        <source>Pack %1</source>
        <extracomment>%1: number of a pack</extracomment>
        <translation>Pack %1</translation>
    </message>
    <message id="dbusbms_bank_title">
        <source>Packs of this bank</source>
        <translation>Packs dieser Bank</translation>
    </message>
    <message id="dbusbms_battery_acknowledge">
        <source>Acknowledge %1</source>
        <extracomment>on a button; %1: number of events</extracomment>
        <translation>%1 bestätigen</translation>
    </message>
    <message id="dbusbms_battery_alarms">
        <source>Alarms</source>
        <translation>Alarme</translation>
    </message>
    <message id="dbusbms_battery_alerts">
        <source>Events that nobody has acknowledged</source>
        <translation>Ereignisse, die niemand bestätigt hat</translation>
    </message>
    <message id="dbusbms_battery_because">
        <source>Because of</source>
        <translation>Wegen</translation>
    </message>
    <message id="dbusbms_battery_cells">
        <source>Cells</source>
        <translation>Zellen</translation>
    </message>
    <message id="dbusbms_battery_charge">
        <source>Charging allowed up to</source>
        <translation>Laden erlaubt bis</translation>
    </message>
    <message id="dbusbms_battery_cycles">
        <source>Cycles</source>
        <translation>Zyklen</translation>
    </message>
    <message id="dbusbms_battery_discharge">
        <source>Discharging allowed up to</source>
        <translation>Entladen erlaubt bis</translation>
    </message>
    <message id="dbusbms_battery_energy">
        <source>Charged, discharged</source>
        <translation>Geladen, entladen</translation>
    </message>
    <message id="dbusbms_battery_event">
        <source>Latest event</source>
        <translation>Letztes Ereignis</translation>
    </message>
    <message id="dbusbms_battery_failed">
        <source>Questions that the BMS left unanswered</source>
        <translation>Fragen, die das BMS nicht beantwortet hat</translation>
    </message>
    <message id="dbusbms_battery_failed_help">
        <source>In the last five minutes</source>
        <translation>In den letzten fünf Minuten</translation>
    </message>
    <message id="dbusbms_battery_faults">
        <source>To be put right</source>
        <translation>In Ordnung zu bringen</translation>
    </message>
    <message id="dbusbms_battery_full">
        <source>Last full charge</source>
        <translation>Letzte Vollladung</translation>
    </message>
    <message id="dbusbms_battery_last_error">
        <source>Last error that stopped the battery</source>
        <translation>Letzter Fehler, der die Batterie angehalten hat</translation>
    </message>
    <message id="dbusbms_battery_link">
        <source>Bluetooth connection</source>
        <translation>Bluetooth-Verbindung</translation>
    </message>
    <message id="dbusbms_battery_losses">
        <source>lost %1 times in 24 hours, longest gap %2 s</source>
        <extracomment>%1: a number; %2: seconds</extracomment>
        <translation>%1 Mal verloren in 24 Stunden, längste Lücke %2 s</translation>
    </message>
    <message id="dbusbms_battery_more">
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message id="dbusbms_battery_never_full">
        <source>Not seen yet</source>
        <translation>Noch nicht gesehen</translation>
    </message>
    <message id="dbusbms_battery_no_cells">
        <source>No cell voltages are known now</source>
        <translation>Zurzeit sind keine Zellspannungen bekannt</translation>
    </message>
    <message id="dbusbms_battery_no_contact_help">
        <source>Check its cable, its supply and its switch. Charging is not allowed; the last values are no longer shown</source>
        <translation>Prüfe Kabel, Versorgung und Schalter. Laden ist nicht erlaubt; die letzten Werte werden nicht mehr gezeigt</translation>
    </message>
    <message id="dbusbms_battery_now">
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message id="dbusbms_battery_returning">
        <source>The BMS answers again</source>
        <translation>Das BMS antwortet wieder</translation>
    </message>
    <message id="dbusbms_battery_returning_help">
        <source>Limits rise slowly until it has proved itself</source>
        <translation>Grenzen steigen langsam, bis es sich bewährt hat</translation>
    </message>
    <message id="dbusbms_battery_silent_sensor">
        <source>a sensor that is silent now</source>
        <translation>ein Sensor, der jetzt nichts meldet</translation>
    </message>
    <message id="dbusbms_battery_spread">
        <source>Largest difference in two days</source>
        <translation>Größter Unterschied in zwei Tagen</translation>
    </message>
    <message id="dbusbms_battery_state">
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message id="dbusbms_battery_strongest">
        <source>Strongest cell</source>
        <translation>Stärkste Zelle</translation>
    </message>
    <message id="dbusbms_battery_temperatures">
        <source>Temperatures</source>
        <translation>Temperaturen</translation>
    </message>
    <message id="dbusbms_battery_title">
        <source>Cells and limits</source>
        <translation>Zellen und Grenzen</translation>
    </message>
    <message id="dbusbms_battery_trouble">
        <source>What ends the connection</source>
        <translation>Was die Verbindung beendet</translation>
    </message>
    <message id="dbusbms_battery_weakest">
        <source>Weakest cell</source>
        <translation>Schwächste Zelle</translation>
    </message>
    <message id="dbusbms_battery_weakest_help">
        <source>How far it is ahead of the others on the way to full and to empty</source>
        <translation>Wie weit sie den anderen auf dem Weg zu voll und leer voraus ist</translation>
    </message>
    <message id="dbusbms_began">
        <source>over; it began %1</source>
        <extracomment>%1: date and time</extracomment>
        <translation>vorbei; begann %1</translation>
    </message>
    <message id="dbusbms_bridge">
        <source>Bridge to solar chargers</source>
        <translation>Brücke zu Solarladereglern</translation>
    </message>
    <message id="dbusbms_bridge_not_allowed">
        <source>Charging not allowed</source>
        <translation>Laden nicht erlaubt</translation>
    </message>
    <message id="dbusbms_bridge_off">
        <source>switched off by the bridge</source>
        <translation>von der Brücke ausgeschaltet</translation>
    </message>
    <message id="dbusbms_bridge_problem">
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message id="dbusbms_bridge_why">
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message id="dbusbms_causes">
        <source>The BMS says so
Cell voltage
Voltage of the pack
Current
Cells did not become even in time
Current although the BMS has switched off
Many answers are damaged</source>
        <translation>Das BMS meldet es
Zellspannung
Spannung der Batterie
Strom
Zellen wurden nicht rechtzeitig gleich
Strom, obwohl das BMS abgeschaltet hat
Viele Antworten sind beschädigt</translation>
    </message>
    <message id="dbusbms_cell">
        <source>%1: %2, %3 mV from the mean</source>
        <extracomment>%1: name of a cell; %2: voltage; %3: difference to the mean of all cells in mV, with its sign</extracomment>
        <translation>%1: %2, %3 mV vom Mittel</translation>
    </message>
    <message id="dbusbms_cells_scale">
        <source>Lowest %1 %2, highest %3 %4, difference %5 mV. Tap a cell for its numbers; a dot: it is being balanced</source>
        <extracomment>%1, %3: names of cells; %2, %4: their voltages; %5: difference in mV</extracomment>
        <translation>Niedrigste %1 %2, höchste %3 %4, Unterschied %5 mV. Tippe auf eine Zelle für ihre Zahlen; ein Punkt: sie wird ausgeglichen</translation>
    </message>
    <message id="dbusbms_control_absorption">
        <source>Voltage of a full cell (absorption)</source>
        <translation>Spannung einer vollen Zelle (Absorption)</translation>
    </message>
    <message id="dbusbms_control_absorption_help">
        <source>The battery is charged up to this, until its cells are even</source>
        <translation>Bis hierhin wird geladen, bis die Zellen gleich sind</translation>
    </message>
    <message id="dbusbms_control_balancer">
        <source>Balancer of the BMS</source>
        <translation>Balancer des BMS</translation>
    </message>
    <message id="dbusbms_control_balancer_help">
        <source>Off: the BMS no longer makes cells even</source>
        <translation>Aus: das BMS gleicht die Zellen nicht mehr aus</translation>
    </message>
    <message id="dbusbms_control_charge">
        <source>Charging allowed</source>
        <translation>Laden erlaubt</translation>
    </message>
    <message id="dbusbms_control_charge_help">
        <source>Off: chargers are told 0 A</source>
        <translation>Aus: Ladegeräte bekommen 0 A gesagt</translation>
    </message>
    <message id="dbusbms_control_charge_switch">
        <source>Charge switch of the BMS</source>
        <translation>Ladeschalter des BMS</translation>
    </message>
    <message id="dbusbms_control_charge_switch_help">
        <source>Off: the BMS itself cuts charging off, until it is told otherwise</source>
        <translation>Aus: das BMS selbst trennt das Laden, bis ihm anderes gesagt wird</translation>
    </message>
    <message id="dbusbms_control_configured_off">
        <source>Switched off in config.ini, so it cannot be switched on here</source>
        <translation>In config.ini ausgeschaltet, daher hier nicht einzuschalten</translation>
    </message>
    <message id="dbusbms_control_discharge">
        <source>Discharging allowed</source>
        <translation>Entladen erlaubt</translation>
    </message>
    <message id="dbusbms_control_discharge_help">
        <source>Off: inverters are told 0 A; the house may go dark</source>
        <translation>Aus: Wechselrichter bekommen 0 A gesagt; im Haus kann es dunkel werden</translation>
    </message>
    <message id="dbusbms_control_discharge_switch">
        <source>Discharge switch of the BMS</source>
        <translation>Entladeschalter des BMS</translation>
    </message>
    <message id="dbusbms_control_discharge_switch_help">
        <source>Off takes the whole system down, this screen too if the battery feeds it</source>
        <translation>Aus nimmt die ganze Anlage außer Betrieb, auch diesen Schirm, wenn die Batterie ihn speist</translation>
    </message>
    <message id="dbusbms_control_float">
        <source>Voltage of a cell that is kept full (float)</source>
        <translation>Spannung einer voll gehaltenen Zelle (Float)</translation>
    </message>
    <message id="dbusbms_control_float_help">
        <source>A full battery is kept at this</source>
        <translation>Darauf wird eine volle Batterie gehalten</translation>
    </message>
    <message id="dbusbms_control_full_days">
        <source>Days between balancing charges</source>
        <translation>Tage zwischen Ausgleichsladungen</translation>
    </message>
    <message id="dbusbms_control_full_days_help">
        <source>So often the battery is charged until its cells are even; 0: never</source>
        <translation>So oft wird geladen, bis die Zellen gleich sind; 0: nie</translation>
    </message>
    <message id="dbusbms_control_max_charge">
        <source>Highest charge current</source>
        <translation>Höchster Ladestrom</translation>
    </message>
    <message id="dbusbms_control_max_charge_help">
        <source>Chargers are told no more than this</source>
        <translation>Ladegeräte bekommen nie mehr erlaubt</translation>
    </message>
    <message id="dbusbms_control_max_discharge">
        <source>Highest discharge current</source>
        <translation>Höchster Entladestrom</translation>
    </message>
    <message id="dbusbms_control_max_discharge_help">
        <source>Inverters are told no more than this</source>
        <translation>Wechselrichter bekommen nie mehr erlaubt</translation>
    </message>
    <message id="dbusbms_control_order">
        <source>What the BMS was told last, and what became of it</source>
        <translation>Was dem BMS zuletzt gesagt wurde, und was daraus wurde</translation>
    </message>
    <message id="dbusbms_control_phone">
        <source>Leave the BMS to a phone</source>
        <translation>Das BMS einem Telefon überlassen</translation>
    </message>
    <message id="dbusbms_control_phone_begin">
        <source>For 10 minutes</source>
        <translation>Für 10 Minuten</translation>
    </message>
    <message id="dbusbms_control_phone_end">
        <source>Take it back, %1 min left</source>
        <extracomment>on a button; %1: number of minutes</extracomment>
        <translation>Zurücknehmen, noch %1 min</translation>
    </message>
    <message id="dbusbms_control_phone_help">
        <source>The app can reach it for ten minutes; meanwhile it is not seen here, and charging is not allowed</source>
        <translation>Zehn Minuten lang erreicht es die App; so lange ist es hier nicht zu sehen, und Laden ist nicht erlaubt</translation>
    </message>
    <message id="dbusbms_control_soc">
        <source>The state of charge is</source>
        <translation>Der Ladezustand ist</translation>
    </message>
    <message id="dbusbms_control_soc_bms">
        <source>The BMS</source>
        <translation>Das BMS</translation>
    </message>
    <message id="dbusbms_control_soc_driver">
        <source>This driver</source>
        <translation>Dieser Treiber</translation>
    </message>
    <message id="dbusbms_control_soc_help">
        <source>Sets what the battery is taken to hold now; it counts on from there</source>
        <translation>Setzt, was jetzt in der Batterie sein soll; von da an wird gezählt</translation>
    </message>
    <message id="dbusbms_control_soc_not">
        <source>Cannot be set: whoever counts it does not take it, or the BMS does not answer</source>
        <translation>Nicht zu setzen: wer ihn zählt, nimmt ihn nicht an, oder das BMS antwortet nicht</translation>
    </message>
    <message id="dbusbms_control_soc_other">
        <source>Another battery monitor</source>
        <translation>Ein anderer Batteriemonitor</translation>
    </message>
    <message id="dbusbms_control_soc_source">
        <source>Who counts the state of charge</source>
        <translation>Wer den Ladezustand zählt</translation>
    </message>
    <message id="dbusbms_control_soc_source_help">
        <source>A BMS may drift; this driver counts anew from each full charge</source>
        <translation>Ein BMS kann falsch gehen; dieser Treiber zählt nach jeder Vollladung neu</translation>
    </message>
    <message id="dbusbms_control_title">
        <source>Limits and switches</source>
        <translation>Grenzen und Schalter</translation>
    </message>
    <message id="dbusbms_days_ago">
        <source>%1 days ago</source>
        <extracomment>%1: number of days</extracomment>
        <translation>vor %1 Tagen</translation>
    </message>
    <message id="dbusbms_default">
        <source>config.ini: %1</source>
        <extracomment>%1: what config.ini says, with its unit</extracomment>
        <translation>config.ini: %1</translation>
    </message>
    <message id="dbusbms_levels">
        <source>note
warning
alarm</source>
        <translation>Hinweis
Warnung
Alarm</translation>
    </message>
    <message id="dbusbms_none">
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message id="dbusbms_not_done">
        <source>The BMS has not done it; what it was told last says why</source>
        <translation>Das BMS hat es nicht getan; was ihm zuletzt gesagt wurde, nennt den Grund</translation>
    </message>
    <message id="dbusbms_number">
        <source>no. %1</source>
        <extracomment>%1: number of a cell, a sensor or another part of a battery</extracomment>
        <translation>Nr. %1</translation>
    </message>
    <message id="dbusbms_range">
        <source>%1 to %2</source>
        <extracomment>%1 and %2: ends of a range, with its unit behind the second one</extracomment>
        <translation>%1 bis %2</translation>
    </message>
    <message id="dbusbms_reasons">
        <source>Not known
Configured maximum
Maximum of the BMS
Maximum that you have set
The BMS answers too slowly for more
Switched off by you
An alarm forbids it
A cell voltage cannot be true
The BMS has switched off
Highest cell
Lowest cell
Temperature
No temperature sensor works
Temperature of the BMS
State of charge
Rising slowly to what is allowed
The BMS does not answer
The BMS is lost
The lowest cell is empty
Capacity unknown: set &quot;capacity&quot; in config.ini
Other cells than configured: set &quot;chemistry&quot; in config.ini</source>
        <translation>Nicht bekannt
Eingestellte Obergrenze
Obergrenze des BMS
Von dir gesetzte Obergrenze
Das BMS antwortet zu langsam für mehr
Von dir ausgeschaltet
Ein Alarm verbietet es
Eine Zellspannung kann nicht stimmen
Das BMS hat abgeschaltet
Höchste Zelle
Niedrigste Zelle
Temperatur
Kein Temperaturfühler funktioniert
Temperatur des BMS
Ladezustand
Steigt langsam auf das Erlaubte
Das BMS antwortet nicht
Das BMS ist verloren
Die niedrigste Zelle ist leer
Kapazität unbekannt: &quot;capacity&quot; in config.ini setzen
Andere Zellen als eingestellt: &quot;chemistry&quot; in config.ini setzen</translation>
    </message>
    <message id="dbusbms_refused">
        <source>Refused by the driver: outside what is configured or possible now</source>
        <translation>Vom Treiber abgelehnt: außerhalb dessen, was eingestellt oder jetzt möglich ist</translation>
    </message>
    <message id="dbusbms_settings_configuration">
        <source>Configuration</source>
        <translation>Konfiguration</translation>
    </message>
    <message id="dbusbms_settings_documentation">
        <source>Documentation</source>
        <translation>Dokumentation</translation>
    </message>
    <message id="dbusbms_settings_documentation_help">
        <source>docs/screen.md explains these pages, docs/troubleshooting.md what to do when something is wrong</source>
        <translation>docs/screen.md erklärt diese Seiten, docs/troubleshooting.md, was zu tun ist, wenn etwas nicht stimmt</translation>
    </message>
    <message id="dbusbms_settings_log">
        <source>Log: %1</source>
        <extracomment>%1: name of a file</extracomment>
        <translation>Protokoll: %1</translation>
    </message>
    <message id="dbusbms_settings_none">
        <source>No battery of this driver is there</source>
        <translation>Keine Batterie dieses Treibers ist da</translation>
    </message>
    <message id="dbusbms_settings_none_help">
        <source>On the device, /data/apps/dbus-bms/current/status says what is wrong</source>
        <translation>Auf dem Gerät sagt /data/apps/dbus-bms/current/status, was fehlt</translation>
    </message>
    <message id="dbusbms_settings_status">
        <source>What is installed, and what it does</source>
        <translation>Was installiert ist, und was es tut</translation>
    </message>
    <message id="dbusbms_settings_title">
        <source>Batteries of dbus-bms</source>
        <translation>Batterien von dbus-bms</translation>
    </message>
    <message id="dbusbms_settings_version">
        <source>Version %1, at %2</source>
        <extracomment>%1: version of the program; %2: where the BMS is attached</extracomment>
        <translation>Version %1, an %2</translation>
    </message>
    <message id="dbusbms_since">
        <source>since %1</source>
        <extracomment>%1: date and time</extracomment>
        <translation>seit %1</translation>
    </message>
    <message id="dbusbms_standings">
        <source>in use
answers again
does not answer
left out by you
not seen yet</source>
        <translation>in Gebrauch
antwortet wieder
antwortet nicht
von dir ausgelassen
noch nicht gesehen</translation>
    </message>
    <message id="dbusbms_states">
        <source>Bulk: charging with all that is allowed
Absorption: cells are made full and even
Full, the voltage goes down slowly
Float: full, and kept so
Balancing: cells are made even at a higher voltage
Blocked</source>
        <translation>Bulk: Laden mit allem, was erlaubt ist
Absorption: Zellen werden voll und gleich
Voll, die Spannung sinkt langsam
Float: voll und so gehalten
Ausgleich: Zellen werden bei höherer Spannung gleich
Gesperrt</translation>
    </message>
    <message id="dbusbms_sure">
        <source>Sure? Press again</source>
        <translation>Sicher? Noch einmal drücken</translation>
    </message>
    <message id="dbusbms_switch_off">
        <source>Switch off</source>
        <translation>Ausschalten</translation>
    </message>
    <message id="dbusbms_switch_on">
        <source>Switch on</source>
        <translation>Einschalten</translation>
    </message>
    <message id="dbusbms_trend">
        <source>Lowest cell, last %1 hours</source>
        <extracomment>%1: number of hours</extracomment>
        <translation>Niedrigste Zelle, letzte %1 Stunden</translation>
    </message>
    <message id="dbusbms_trend_usual">
        <source>Cell %1 in %2 of %3 half hours (orange); at most %4 mV below the mean of all</source>
        <extracomment>%1: number of a cell; %2 of %3: so many half hours; %4: mV</extracomment>
        <translation>Zelle %1 in %2 von %3 halben Stunden (orange); höchstens %4 mV unter dem Mittel aller</translation>
    </message>
</context>
</TS>
