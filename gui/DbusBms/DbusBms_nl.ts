<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="nl">
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
        <translation>Accuspanning laag
Accuspanning hoog
Celspanning laag
Celspanning hoog
Accu bijna leeg
Laadstroom hoog
Ontlaadstroom hoog
Te koud om te laden
Te heet om te laden
Te koud
Te heet
BMS te heet
Cellen ongelijk
Temperatuursensor
Interne fout
Zekering doorgebrand
Contactor
Gezondheidstoestand
Geen contact met het BMS</translation>
    </message>
    <message id="dbusbms_balancing">
        <source>balancing</source>
        <translation>wordt gebalanceerd</translation>
    </message>
    <message id="dbusbms_bank_member">
        <source>Part of the bank</source>
        <translation>Deel van de bank</translation>
    </message>
    <message id="dbusbms_bank_member_help">
        <source>Off: left out for service, without alarms; it is still connected</source>
        <translation>Uit: weggelaten voor onderhoud, zonder alarm; hij blijft aangesloten</translation>
    </message>
    <message id="dbusbms_bank_of">
        <source>%1 of %2</source>
        <extracomment>%1 of %2: numbers of packs</extracomment>
        <translation>%1 van %2</translation>
    </message>
    <message id="dbusbms_bank_online">
        <source>Packs in use</source>
        <translation>Packs in gebruik</translation>
    </message>
    <message id="dbusbms_bank_pack">
        <source>Pack %1</source>
        <extracomment>%1: number of a pack</extracomment>
        <translation>Pack %1</translation>
    </message>
    <message id="dbusbms_bank_title">
        <source>Packs of this bank</source>
        <translation>Packs van deze bank</translation>
    </message>
    <message id="dbusbms_battery_acknowledge">
        <source>Acknowledge %1</source>
        <extracomment>on a button; %1: number of events</extracomment>
        <translation>%1 bevestigen</translation>
    </message>
    <message id="dbusbms_battery_alarms">
        <source>Alarms</source>
        <translation>Alarmen</translation>
    </message>
    <message id="dbusbms_battery_alerts">
        <source>Events that nobody has acknowledged</source>
        <translation>Gebeurtenissen die niemand heeft bevestigd</translation>
    </message>
    <message id="dbusbms_battery_because">
        <source>Because of</source>
        <translation>Vanwege</translation>
    </message>
    <message id="dbusbms_battery_cells">
        <source>Cells</source>
        <translation>Cellen</translation>
    </message>
    <message id="dbusbms_battery_charge">
        <source>Charging allowed up to</source>
        <translation>Laden toegestaan tot</translation>
    </message>
    <message id="dbusbms_battery_cycles">
        <source>Cycles</source>
        <translation>Cycli</translation>
    </message>
    <message id="dbusbms_battery_discharge">
        <source>Discharging allowed up to</source>
        <translation>Ontladen toegestaan tot</translation>
    </message>
    <message id="dbusbms_battery_energy">
        <source>Charged, discharged</source>
        <translation>Geladen, ontladen</translation>
    </message>
    <message id="dbusbms_battery_event">
        <source>Latest event</source>
        <translation>Laatste gebeurtenis</translation>
    </message>
    <message id="dbusbms_battery_failed">
        <source>Questions that the BMS left unanswered</source>
        <translation>Vragen die het BMS niet heeft beantwoord</translation>
    </message>
    <message id="dbusbms_battery_failed_help">
        <source>In the last five minutes</source>
        <translation>In de laatste vijf minuten</translation>
    </message>
    <message id="dbusbms_battery_faults">
        <source>To be put right</source>
        <translation>In orde te brengen</translation>
    </message>
    <message id="dbusbms_battery_full">
        <source>Last full charge</source>
        <translation>Laatste volledige lading</translation>
    </message>
    <message id="dbusbms_battery_last_error">
        <source>Last error that stopped the battery</source>
        <translation>Laatste fout die de accu heeft gestopt</translation>
    </message>
    <message id="dbusbms_battery_link">
        <source>Bluetooth connection</source>
        <translation>Bluetooth-verbinding</translation>
    </message>
    <message id="dbusbms_battery_losses">
        <source>lost %1 times in 24 hours, longest gap %2 s</source>
        <extracomment>%1: a number; %2: seconds</extracomment>
        <translation>%1 keer verloren in 24 uur, langste gat %2 s</translation>
    </message>
    <message id="dbusbms_battery_more">
        <source>More</source>
        <translation>Meer</translation>
    </message>
    <message id="dbusbms_battery_never_full">
        <source>Not seen yet</source>
        <translation>Nog niet gezien</translation>
    </message>
    <message id="dbusbms_battery_no_cells">
        <source>No cell voltages are known now</source>
        <translation>Er zijn nu geen celspanningen bekend</translation>
    </message>
    <message id="dbusbms_battery_no_contact_help">
        <source>Check its cable, its supply and its switch. Charging is not allowed; the last values are no longer shown</source>
        <translation>Controleer kabel, voeding en schakelaar. Laden is niet toegestaan; de laatste waarden worden niet meer getoond</translation>
    </message>
    <message id="dbusbms_battery_now">
        <source>Now</source>
        <translation>Nu</translation>
    </message>
    <message id="dbusbms_battery_returning">
        <source>The BMS answers again</source>
        <translation>Het BMS antwoordt weer</translation>
    </message>
    <message id="dbusbms_battery_returning_help">
        <source>Limits rise slowly until it has proved itself</source>
        <translation>Limieten stijgen langzaam tot het zich heeft bewezen</translation>
    </message>
    <message id="dbusbms_battery_silent_sensor">
        <source>a sensor that is silent now</source>
        <translation>een sensor die nu niets meldt</translation>
    </message>
    <message id="dbusbms_battery_spread">
        <source>Largest difference in two days</source>
        <translation>Grootste verschil in twee dagen</translation>
    </message>
    <message id="dbusbms_battery_state">
        <source>State</source>
        <translation>Toestand</translation>
    </message>
    <message id="dbusbms_battery_strongest">
        <source>Strongest cell</source>
        <translation>Sterkste cel</translation>
    </message>
    <message id="dbusbms_battery_temperatures">
        <source>Temperatures</source>
        <translation>Temperaturen</translation>
    </message>
    <message id="dbusbms_battery_title">
        <source>Cells and limits</source>
        <translation>Cellen en limieten</translation>
    </message>
    <message id="dbusbms_battery_trouble">
        <source>What ends the connection</source>
        <translation>Wat de verbinding beëindigt</translation>
    </message>
    <message id="dbusbms_battery_weakest">
        <source>Weakest cell</source>
        <translation>Zwakste cel</translation>
    </message>
    <message id="dbusbms_battery_weakest_help">
        <source>How far it is ahead of the others on the way to full and to empty</source>
        <translation>Hoever ze op weg naar vol en leeg vóór ligt op de andere</translation>
    </message>
    <message id="dbusbms_began">
        <source>over; it began %1</source>
        <extracomment>%1: date and time</extracomment>
        <translation>voorbij; begon %1</translation>
    </message>
    <message id="dbusbms_bridge">
        <source>Bridge to solar chargers</source>
        <translation>Brug naar zonneladers</translation>
    </message>
    <message id="dbusbms_bridge_not_allowed">
        <source>Charging not allowed</source>
        <translation>Laden niet toegestaan</translation>
    </message>
    <message id="dbusbms_bridge_off">
        <source>switched off by the bridge</source>
        <translation>uitgeschakeld door de brug</translation>
    </message>
    <message id="dbusbms_bridge_problem">
        <source>Problem</source>
        <translation>Probleem</translation>
    </message>
    <message id="dbusbms_bridge_why">
        <source>Why</source>
        <translation>Waarom</translation>
    </message>
    <message id="dbusbms_causes">
        <source>The BMS says so
Cell voltage
Voltage of the pack
Current
Cells did not become even in time
Current although the BMS has switched off
Many answers are damaged</source>
        <translation>Het BMS meldt het
Celspanning
Spanning van de accu
Stroom
Cellen werden niet op tijd gelijk
Stroom hoewel het BMS heeft uitgeschakeld
Veel antwoorden zijn beschadigd</translation>
    </message>
    <message id="dbusbms_cell">
        <source>%1: %2, %3 mV from the mean</source>
        <extracomment>%1: name of a cell; %2: voltage; %3: difference to the mean of all cells in mV, with its sign</extracomment>
        <translation>%1: %2, %3 mV van het gemiddelde</translation>
    </message>
    <message id="dbusbms_cells_scale">
        <source>Lowest %1 %2, highest %3 %4, difference %5 mV. Tap a cell for its numbers; a dot: it is being balanced</source>
        <extracomment>%1, %3: names of cells; %2, %4: their voltages; %5: difference in mV</extracomment>
        <translation>Laagste %1 %2, hoogste %3 %4, verschil %5 mV. Tik op een cel voor haar getallen; een stip: ze wordt gebalanceerd</translation>
    </message>
    <message id="dbusbms_control_absorption">
        <source>Voltage of a full cell (absorption)</source>
        <translation>Spanning van een volle cel (absorptie)</translation>
    </message>
    <message id="dbusbms_control_absorption_help">
        <source>The battery is charged up to this, until its cells are even</source>
        <translation>Tot hier wordt geladen, tot de cellen gelijk zijn</translation>
    </message>
    <message id="dbusbms_control_balancer">
        <source>Balancer of the BMS</source>
        <translation>Balancer van het BMS</translation>
    </message>
    <message id="dbusbms_control_balancer_help">
        <source>Off: the BMS no longer makes cells even</source>
        <translation>Uit: het BMS maakt cellen niet meer gelijk</translation>
    </message>
    <message id="dbusbms_control_charge">
        <source>Charging allowed</source>
        <translation>Laden toegestaan</translation>
    </message>
    <message id="dbusbms_control_charge_help">
        <source>Off: chargers are told 0 A</source>
        <translation>Uit: laders krijgen 0 A te horen</translation>
    </message>
    <message id="dbusbms_control_charge_switch">
        <source>Charge switch of the BMS</source>
        <translation>Laadschakelaar van het BMS</translation>
    </message>
    <message id="dbusbms_control_charge_switch_help">
        <source>Off: the BMS itself cuts charging off, until it is told otherwise</source>
        <translation>Uit: het BMS zelf onderbreekt het laden tot het iets anders wordt verteld</translation>
    </message>
    <message id="dbusbms_control_configured_off">
        <source>Switched off in config.ini, so it cannot be switched on here</source>
        <translation>Uitgeschakeld in config.ini, dus hier niet in te schakelen</translation>
    </message>
    <message id="dbusbms_control_discharge">
        <source>Discharging allowed</source>
        <translation>Ontladen toegestaan</translation>
    </message>
    <message id="dbusbms_control_discharge_help">
        <source>Off: inverters are told 0 A; the house may go dark</source>
        <translation>Uit: omvormers krijgen 0 A te horen; het huis kan donker worden</translation>
    </message>
    <message id="dbusbms_control_discharge_switch">
        <source>Discharge switch of the BMS</source>
        <translation>Ontlaadschakelaar van het BMS</translation>
    </message>
    <message id="dbusbms_control_discharge_switch_help">
        <source>Off takes the whole system down, this screen too if the battery feeds it</source>
        <translation>Uit legt het hele systeem plat, ook dit scherm als de accu het voedt</translation>
    </message>
    <message id="dbusbms_control_float">
        <source>Voltage of a cell that is kept full (float)</source>
        <translation>Spanning van een vol gehouden cel (float)</translation>
    </message>
    <message id="dbusbms_control_float_help">
        <source>A full battery is kept at this</source>
        <translation>Hierop wordt een volle accu gehouden</translation>
    </message>
    <message id="dbusbms_control_full_days">
        <source>Days between balancing charges</source>
        <translation>Dagen tussen balanceerladingen</translation>
    </message>
    <message id="dbusbms_control_full_days_help">
        <source>So often the battery is charged until its cells are even; 0: never</source>
        <translation>Zo vaak wordt geladen tot de cellen gelijk zijn; 0: nooit</translation>
    </message>
    <message id="dbusbms_control_max_charge">
        <source>Highest charge current</source>
        <translation>Hoogste laadstroom</translation>
    </message>
    <message id="dbusbms_control_max_charge_help">
        <source>Chargers are told no more than this</source>
        <translation>Laders krijgen nooit meer dan dit</translation>
    </message>
    <message id="dbusbms_control_max_discharge">
        <source>Highest discharge current</source>
        <translation>Hoogste ontlaadstroom</translation>
    </message>
    <message id="dbusbms_control_max_discharge_help">
        <source>Inverters are told no more than this</source>
        <translation>Omvormers krijgen nooit meer dan dit</translation>
    </message>
    <message id="dbusbms_control_order">
        <source>What the BMS was told last, and what became of it</source>
        <translation>Wat het BMS het laatst is verteld, en wat ervan werd</translation>
    </message>
    <message id="dbusbms_control_phone">
        <source>Leave the BMS to a phone</source>
        <translation>Het BMS aan een telefoon overlaten</translation>
    </message>
    <message id="dbusbms_control_phone_begin">
        <source>For 10 minutes</source>
        <translation>Voor 10 minuten</translation>
    </message>
    <message id="dbusbms_control_phone_end">
        <source>Take it back, %1 min left</source>
        <extracomment>on a button; %1: number of minutes</extracomment>
        <translation>Terugnemen, nog %1 min</translation>
    </message>
    <message id="dbusbms_control_phone_help">
        <source>The app can reach it for ten minutes; meanwhile it is not seen here, and charging is not allowed</source>
        <translation>Tien minuten lang kan de app erbij; zolang is het hier niet te zien en is laden niet toegestaan</translation>
    </message>
    <message id="dbusbms_control_soc">
        <source>The state of charge is</source>
        <translation>De laadtoestand is</translation>
    </message>
    <message id="dbusbms_control_soc_bms">
        <source>The BMS</source>
        <translation>Het BMS</translation>
    </message>
    <message id="dbusbms_control_soc_driver">
        <source>This driver</source>
        <translation>Deze driver</translation>
    </message>
    <message id="dbusbms_control_soc_help">
        <source>Sets what the battery is taken to hold now; it counts on from there</source>
        <translation>Stelt in wat er nu in de accu zit; vanaf daar wordt geteld</translation>
    </message>
    <message id="dbusbms_control_soc_not">
        <source>Cannot be set: whoever counts it does not take it, or the BMS does not answer</source>
        <translation>Niet in te stellen: wie hem telt neemt hem niet aan, of het BMS antwoordt niet</translation>
    </message>
    <message id="dbusbms_control_soc_other">
        <source>Another battery monitor</source>
        <translation>Een andere accumonitor</translation>
    </message>
    <message id="dbusbms_control_soc_source">
        <source>Who counts the state of charge</source>
        <translation>Wie de laadtoestand telt</translation>
    </message>
    <message id="dbusbms_control_soc_source_help">
        <source>A BMS may drift; this driver counts anew from each full charge</source>
        <translation>Een BMS kan gaan afwijken; dit stuurprogramma telt na elke volledige lading opnieuw</translation>
    </message>
    <message id="dbusbms_control_title">
        <source>Limits and switches</source>
        <translation>Limieten en schakelaars</translation>
    </message>
    <message id="dbusbms_days_ago">
        <source>%1 days ago</source>
        <extracomment>%1: number of days</extracomment>
        <translation>%1 dagen geleden</translation>
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
        <translation>melding
waarschuwing
alarm</translation>
    </message>
    <message id="dbusbms_none">
        <source>None</source>
        <translation>Geen</translation>
    </message>
    <message id="dbusbms_not_done">
        <source>The BMS has not done it; what it was told last says why</source>
        <translation>Het BMS heeft het niet gedaan; wat er het laatst tegen is gezegd, noemt de reden</translation>
    </message>
    <message id="dbusbms_number">
        <source>no. %1</source>
        <extracomment>%1: number of a cell, a sensor or another part of a battery</extracomment>
        <translation>nr. %1</translation>
    </message>
    <message id="dbusbms_range">
        <source>%1 to %2</source>
        <extracomment>%1 and %2: ends of a range, with its unit behind the second one</extracomment>
        <translation>%1 tot %2</translation>
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
        <translation>Niet bekend
Ingesteld maximum
Maximum van het BMS
Door u ingesteld maximum
Het BMS antwoordt te langzaam voor meer
Door u uitgeschakeld
Een alarm verbiedt het
Een celspanning kan niet kloppen
Het BMS heeft uitgeschakeld
Hoogste cel
Laagste cel
Temperatuur
Geen temperatuursensor werkt
Temperatuur van het BMS
Laadtoestand
Stijgt langzaam naar wat is toegestaan
Het BMS antwoordt niet
Het BMS is verloren
De laagste cel is leeg
Capaciteit onbekend: stel &quot;capacity&quot; in config.ini in
Andere cellen dan ingesteld: stel &quot;chemistry&quot; in config.ini in</translation>
    </message>
    <message id="dbusbms_refused">
        <source>Refused by the driver: outside what is configured or possible now</source>
        <translation>Door het stuurprogramma geweigerd: buiten wat is ingesteld of nu mogelijk is</translation>
    </message>
    <message id="dbusbms_settings_configuration">
        <source>Configuration</source>
        <translation>Configuratie</translation>
    </message>
    <message id="dbusbms_settings_documentation">
        <source>Documentation</source>
        <translation>Documentatie</translation>
    </message>
    <message id="dbusbms_settings_documentation_help">
        <source>docs/screen.md explains these pages, docs/troubleshooting.md what to do when something is wrong</source>
        <translation>docs/screen.md legt deze pagina's uit, docs/troubleshooting.md wat te doen als er iets mis is</translation>
    </message>
    <message id="dbusbms_settings_log">
        <source>Log: %1</source>
        <extracomment>%1: name of a file</extracomment>
        <translation>Logboek: %1</translation>
    </message>
    <message id="dbusbms_settings_none">
        <source>No battery of this driver is there</source>
        <translation>Er is geen accu van deze driver</translation>
    </message>
    <message id="dbusbms_settings_none_help">
        <source>On the device, /data/apps/dbus-bms/current/status says what is wrong</source>
        <translation>Op het apparaat zegt /data/apps/dbus-bms/current/status wat er mis is</translation>
    </message>
    <message id="dbusbms_settings_status">
        <source>What is installed, and what it does</source>
        <translation>Wat is geïnstalleerd, en wat het doet</translation>
    </message>
    <message id="dbusbms_settings_title">
        <source>Batteries of dbus-bms</source>
        <translation>Accu's van dbus-bms</translation>
    </message>
    <message id="dbusbms_settings_version">
        <source>Version %1, at %2</source>
        <extracomment>%1: version of the program; %2: where the BMS is attached</extracomment>
        <translation>Versie %1, op %2</translation>
    </message>
    <message id="dbusbms_since">
        <source>since %1</source>
        <extracomment>%1: date and time</extracomment>
        <translation>sinds %1</translation>
    </message>
    <message id="dbusbms_standings">
        <source>in use
answers again
does not answer
left out by you
not seen yet</source>
        <translation>in gebruik
antwoordt weer
antwoordt niet
door u weggelaten
nog niet gezien</translation>
    </message>
    <message id="dbusbms_states">
        <source>Bulk: charging with all that is allowed
Absorption: cells are made full and even
Full, the voltage goes down slowly
Float: full, and kept so
Balancing: cells are made even at a higher voltage
Blocked</source>
        <translation>Bulk: laden met alles wat is toegestaan
Absorptie: cellen worden vol en gelijk
Vol, de spanning daalt langzaam
Float: vol en zo gehouden
Balanceren: cellen worden bij hogere spanning gelijk
Geblokkeerd</translation>
    </message>
    <message id="dbusbms_sure">
        <source>Sure? Press again</source>
        <translation>Zeker? Druk nogmaals</translation>
    </message>
    <message id="dbusbms_switch_off">
        <source>Switch off</source>
        <translation>Uitschakelen</translation>
    </message>
    <message id="dbusbms_switch_on">
        <source>Switch on</source>
        <translation>Inschakelen</translation>
    </message>
    <message id="dbusbms_trend">
        <source>Lowest cell, last %1 hours</source>
        <extracomment>%1: number of hours</extracomment>
        <translation>Laagste cel, laatste %1 uur</translation>
    </message>
    <message id="dbusbms_trend_usual">
        <source>Cell %1 in %2 of %3 half hours (orange); at most %4 mV below the mean of all</source>
        <extracomment>%1: number of a cell; %2 of %3: so many half hours; %4: mV</extracomment>
        <translation>Cel %1 in %2 van %3 halve uren (oranje); hoogstens %4 mV onder het gemiddelde van alle</translation>
    </message>
</context>
</TS>
