<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr">
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
        <translation>Tension de batterie basse
Tension de batterie haute
Tension de cellule basse
Tension de cellule haute
Batterie presque vide
Courant de charge élevé
Courant de décharge élevé
Trop froid pour charger
Trop chaud pour charger
Trop froid
Trop chaud
BMS trop chaud
Cellules déséquilibrées
Sonde de température
Défaillance interne
Fusible grillé
Contacteur
État de santé
Pas de contact avec le BMS</translation>
    </message>
    <message id="dbusbms_balancing">
        <source>balancing</source>
        <translation>en équilibrage</translation>
    </message>
    <message id="dbusbms_bank_member">
        <source>Part of the bank</source>
        <translation>Fait partie du parc</translation>
    </message>
    <message id="dbusbms_bank_member_help">
        <source>Off: left out for service, without alarms; it is still connected</source>
        <translation>Arrêt : écarté pour entretien, sans alarme ; il reste raccordé</translation>
    </message>
    <message id="dbusbms_bank_of">
        <source>%1 of %2</source>
        <extracomment>%1 of %2: numbers of packs</extracomment>
        <translation>%1 sur %2</translation>
    </message>
    <message id="dbusbms_bank_online">
        <source>Packs in use</source>
        <translation>Packs en service</translation>
    </message>
    <message id="dbusbms_bank_pack">
        <source>Pack %1</source>
        <extracomment>%1: number of a pack</extracomment>
        <translation>Pack %1</translation>
    </message>
    <message id="dbusbms_bank_title">
        <source>Packs of this bank</source>
        <translation>Packs de ce parc</translation>
    </message>
    <message id="dbusbms_battery_acknowledge">
        <source>Acknowledge %1</source>
        <extracomment>on a button; %1: number of events</extracomment>
        <translation>Acquitter %1</translation>
    </message>
    <message id="dbusbms_battery_alarms">
        <source>Alarms</source>
        <translation>Alarmes</translation>
    </message>
    <message id="dbusbms_battery_alerts">
        <source>Events that nobody has acknowledged</source>
        <translation>Événements que personne n'a acquittés</translation>
    </message>
    <message id="dbusbms_battery_because">
        <source>Because of</source>
        <translation>En raison de</translation>
    </message>
    <message id="dbusbms_battery_cells">
        <source>Cells</source>
        <translation>Cellules</translation>
    </message>
    <message id="dbusbms_battery_charge">
        <source>Charging allowed up to</source>
        <translation>Charge permise jusqu'à</translation>
    </message>
    <message id="dbusbms_battery_cycles">
        <source>Cycles</source>
        <translation>Cycles</translation>
    </message>
    <message id="dbusbms_battery_discharge">
        <source>Discharging allowed up to</source>
        <translation>Décharge permise jusqu'à</translation>
    </message>
    <message id="dbusbms_battery_energy">
        <source>Charged, discharged</source>
        <translation>Chargé, déchargé</translation>
    </message>
    <message id="dbusbms_battery_event">
        <source>Latest event</source>
        <translation>Dernier événement</translation>
    </message>
    <message id="dbusbms_battery_failed">
        <source>Questions that the BMS left unanswered</source>
        <translation>Questions restées sans réponse du BMS</translation>
    </message>
    <message id="dbusbms_battery_failed_help">
        <source>In the last five minutes</source>
        <translation>Pendant les cinq dernières minutes</translation>
    </message>
    <message id="dbusbms_battery_faults">
        <source>To be put right</source>
        <translation>À corriger</translation>
    </message>
    <message id="dbusbms_battery_full">
        <source>Last full charge</source>
        <translation>Dernière charge complète</translation>
    </message>
    <message id="dbusbms_battery_last_error">
        <source>Last error that stopped the battery</source>
        <translation>Dernière erreur ayant arrêté la batterie</translation>
    </message>
    <message id="dbusbms_battery_link">
        <source>Bluetooth connection</source>
        <translation>Liaison Bluetooth</translation>
    </message>
    <message id="dbusbms_battery_losses">
        <source>lost %1 times in 24 hours, longest gap %2 s</source>
        <extracomment>%1: a number; %2: seconds</extracomment>
        <translation>perdue %1 fois en 24 heures, plus longue coupure %2 s</translation>
    </message>
    <message id="dbusbms_battery_more">
        <source>More</source>
        <translation>Plus</translation>
    </message>
    <message id="dbusbms_battery_never_full">
        <source>Not seen yet</source>
        <translation>Pas encore vue</translation>
    </message>
    <message id="dbusbms_battery_no_cells">
        <source>No cell voltages are known now</source>
        <translation>Aucune tension de cellule connue actuellement</translation>
    </message>
    <message id="dbusbms_battery_no_contact_help">
        <source>Check its cable, its supply and its switch. Charging is not allowed; the last values are no longer shown</source>
        <translation>Vérifiez câble, alimentation et interrupteur. La charge n'est pas permise ; les dernières valeurs ne sont plus affichées</translation>
    </message>
    <message id="dbusbms_battery_now">
        <source>Now</source>
        <translation>Maintenant</translation>
    </message>
    <message id="dbusbms_battery_returning">
        <source>The BMS answers again</source>
        <translation>Le BMS répond à nouveau</translation>
    </message>
    <message id="dbusbms_battery_returning_help">
        <source>Limits rise slowly until it has proved itself</source>
        <translation>Les limites montent lentement, le temps qu'il fasse ses preuves</translation>
    </message>
    <message id="dbusbms_battery_silent_sensor">
        <source>a sensor that is silent now</source>
        <translation>un capteur qui ne répond plus</translation>
    </message>
    <message id="dbusbms_battery_spread">
        <source>Largest difference in two days</source>
        <translation>Plus grand écart en deux jours</translation>
    </message>
    <message id="dbusbms_battery_state">
        <source>State</source>
        <translation>État</translation>
    </message>
    <message id="dbusbms_battery_strongest">
        <source>Strongest cell</source>
        <translation>Cellule la plus forte</translation>
    </message>
    <message id="dbusbms_battery_temperatures">
        <source>Temperatures</source>
        <translation>Températures</translation>
    </message>
    <message id="dbusbms_battery_title">
        <source>Cells and limits</source>
        <translation>Cellules et limites</translation>
    </message>
    <message id="dbusbms_battery_trouble">
        <source>What ends the connection</source>
        <translation>Ce qui coupe la liaison</translation>
    </message>
    <message id="dbusbms_battery_weakest">
        <source>Weakest cell</source>
        <translation>Cellule la plus faible</translation>
    </message>
    <message id="dbusbms_battery_weakest_help">
        <source>How far it is ahead of the others on the way to full and to empty</source>
        <translation>Son avance sur les autres en allant vers plein et vide</translation>
    </message>
    <message id="dbusbms_began">
        <source>over; it began %1</source>
        <extracomment>%1: date and time</extracomment>
        <translation>terminé ; a commencé %1</translation>
    </message>
    <message id="dbusbms_bridge">
        <source>Bridge to solar chargers</source>
        <translation>Pont vers les chargeurs solaires</translation>
    </message>
    <message id="dbusbms_bridge_not_allowed">
        <source>Charging not allowed</source>
        <translation>Charge non permise</translation>
    </message>
    <message id="dbusbms_bridge_off">
        <source>switched off by the bridge</source>
        <translation>coupé par le pont</translation>
    </message>
    <message id="dbusbms_bridge_problem">
        <source>Problem</source>
        <translation>Problème</translation>
    </message>
    <message id="dbusbms_bridge_why">
        <source>Why</source>
        <translation>Pourquoi</translation>
    </message>
    <message id="dbusbms_causes">
        <source>The BMS says so
Cell voltage
Voltage of the pack
Current
Cells did not become even in time
Current although the BMS has switched off
Many answers are damaged</source>
        <translation>Signalé par le BMS
Tension de cellule
Tension de la batterie
Courant
Cellules non égalisées à temps
Courant bien que le BMS ait coupé
Beaucoup de réponses sont abîmées</translation>
    </message>
    <message id="dbusbms_cell">
        <source>%1: %2, %3 mV from the mean</source>
        <extracomment>%1: name of a cell; %2: voltage; %3: difference to the mean of all cells in mV, with its sign</extracomment>
        <translation>%1 : %2, %3 mV de la moyenne</translation>
    </message>
    <message id="dbusbms_cells_scale">
        <source>Lowest %1 %2, highest %3 %4, difference %5 mV. Tap a cell for its numbers; a dot: it is being balanced</source>
        <extracomment>%1, %3: names of cells; %2, %4: their voltages; %5: difference in mV</extracomment>
        <translation>Plus basse %1 %2, plus haute %3 %4, écart %5 mV. Touchez une cellule pour ses valeurs ; un point : en équilibrage</translation>
    </message>
    <message id="dbusbms_control_absorption">
        <source>Voltage of a full cell (absorption)</source>
        <translation>Tension d'une cellule pleine (absorption)</translation>
    </message>
    <message id="dbusbms_control_absorption_help">
        <source>The battery is charged up to this, until its cells are even</source>
        <translation>On charge jusque là, jusqu'à ce que les cellules soient égales</translation>
    </message>
    <message id="dbusbms_control_balancer">
        <source>Balancer of the BMS</source>
        <translation>Équilibreur du BMS</translation>
    </message>
    <message id="dbusbms_control_balancer_help">
        <source>Off: the BMS no longer makes cells even</source>
        <translation>Arrêt : le BMS n'égalise plus les cellules</translation>
    </message>
    <message id="dbusbms_control_charge">
        <source>Charging allowed</source>
        <translation>Charge permise</translation>
    </message>
    <message id="dbusbms_control_charge_help">
        <source>Off: chargers are told 0 A</source>
        <translation>Arrêt : les chargeurs reçoivent 0 A</translation>
    </message>
    <message id="dbusbms_control_charge_switch">
        <source>Charge switch of the BMS</source>
        <translation>Commutateur de charge du BMS</translation>
    </message>
    <message id="dbusbms_control_charge_switch_help">
        <source>Off: the BMS itself cuts charging off, until it is told otherwise</source>
        <translation>Arrêt : le BMS lui-même coupe la charge jusqu'à nouvel ordre</translation>
    </message>
    <message id="dbusbms_control_configured_off">
        <source>Switched off in config.ini, so it cannot be switched on here</source>
        <translation>Désactivé dans config.ini, ne peut donc être activé ici</translation>
    </message>
    <message id="dbusbms_control_discharge">
        <source>Discharging allowed</source>
        <translation>Décharge permise</translation>
    </message>
    <message id="dbusbms_control_discharge_help">
        <source>Off: inverters are told 0 A; the house may go dark</source>
        <translation>Arrêt : les onduleurs reçoivent 0 A ; la maison peut être privée de courant</translation>
    </message>
    <message id="dbusbms_control_discharge_switch">
        <source>Discharge switch of the BMS</source>
        <translation>Commutateur de décharge du BMS</translation>
    </message>
    <message id="dbusbms_control_discharge_switch_help">
        <source>Off takes the whole system down, this screen too if the battery feeds it</source>
        <translation>Arrêt met tout le système hors tension, cet écran aussi si la batterie l'alimente</translation>
    </message>
    <message id="dbusbms_control_float">
        <source>Voltage of a cell that is kept full (float)</source>
        <translation>Tension d'une cellule maintenue pleine (float)</translation>
    </message>
    <message id="dbusbms_control_float_help">
        <source>A full battery is kept at this</source>
        <translation>Une batterie pleine est maintenue à cette valeur</translation>
    </message>
    <message id="dbusbms_control_full_days">
        <source>Days between balancing charges</source>
        <translation>Jours entre charges d'équilibrage</translation>
    </message>
    <message id="dbusbms_control_full_days_help">
        <source>So often the battery is charged until its cells are even; 0: never</source>
        <translation>Intervalle des charges jusqu'à égalité des cellules ; 0 : jamais</translation>
    </message>
    <message id="dbusbms_control_max_charge">
        <source>Highest charge current</source>
        <translation>Courant de charge maximal</translation>
    </message>
    <message id="dbusbms_control_max_charge_help">
        <source>Chargers are told no more than this</source>
        <translation>Les chargeurs ne reçoivent jamais plus que cela</translation>
    </message>
    <message id="dbusbms_control_max_discharge">
        <source>Highest discharge current</source>
        <translation>Courant de décharge maximal</translation>
    </message>
    <message id="dbusbms_control_max_discharge_help">
        <source>Inverters are told no more than this</source>
        <translation>Les onduleurs ne reçoivent jamais plus que cela</translation>
    </message>
    <message id="dbusbms_control_order">
        <source>What the BMS was told last, and what became of it</source>
        <translation>Dernier ordre donné au BMS, et son résultat</translation>
    </message>
    <message id="dbusbms_control_phone">
        <source>Leave the BMS to a phone</source>
        <translation>Laisser le BMS à un téléphone</translation>
    </message>
    <message id="dbusbms_control_phone_begin">
        <source>For 10 minutes</source>
        <translation>Pour 10 minutes</translation>
    </message>
    <message id="dbusbms_control_phone_end">
        <source>Take it back, %1 min left</source>
        <extracomment>on a button; %1: number of minutes</extracomment>
        <translation>Reprendre, encore %1 min</translation>
    </message>
    <message id="dbusbms_control_phone_help">
        <source>The app can reach it for ten minutes; meanwhile it is not seen here, and charging is not allowed</source>
        <translation>L'application peut l'atteindre pendant dix minutes ; entre-temps il n'est pas vu ici et la charge n'est pas permise</translation>
    </message>
    <message id="dbusbms_control_soc">
        <source>The state of charge is</source>
        <translation>L'état de charge est</translation>
    </message>
    <message id="dbusbms_control_soc_bms">
        <source>The BMS</source>
        <translation>Le BMS</translation>
    </message>
    <message id="dbusbms_control_soc_driver">
        <source>This driver</source>
        <translation>Ce pilote</translation>
    </message>
    <message id="dbusbms_control_soc_help">
        <source>Sets what the battery is taken to hold now; it counts on from there</source>
        <translation>Fixe ce que contient la batterie maintenant ; le compte repart de là</translation>
    </message>
    <message id="dbusbms_control_soc_not">
        <source>Cannot be set: whoever counts it does not take it, or the BMS does not answer</source>
        <translation>Ne peut être fixé : celui qui le compte ne l'accepte pas, ou le BMS ne répond pas</translation>
    </message>
    <message id="dbusbms_control_soc_other">
        <source>Another battery monitor</source>
        <translation>Un autre moniteur de batterie</translation>
    </message>
    <message id="dbusbms_control_soc_source">
        <source>Who counts the state of charge</source>
        <translation>Qui compte l'état de charge</translation>
    </message>
    <message id="dbusbms_control_soc_source_help">
        <source>A BMS may drift; this driver counts anew from each full charge</source>
        <translation>Un BMS peut dériver ; ce pilote recompte après chaque charge complète</translation>
    </message>
    <message id="dbusbms_control_title">
        <source>Limits and switches</source>
        <translation>Limites et commutateurs</translation>
    </message>
    <message id="dbusbms_days_ago">
        <source>%1 days ago</source>
        <extracomment>%1: number of days</extracomment>
        <translation>il y a %1 jours</translation>
    </message>
    <message id="dbusbms_default">
        <source>config.ini: %1</source>
        <extracomment>%1: what config.ini says, with its unit</extracomment>
        <translation>config.ini : %1</translation>
    </message>
    <message id="dbusbms_levels">
        <source>note
warning
alarm</source>
        <translation>information
avertissement
alarme</translation>
    </message>
    <message id="dbusbms_none">
        <source>None</source>
        <translation>Aucune</translation>
    </message>
    <message id="dbusbms_not_done">
        <source>The BMS has not done it; what it was told last says why</source>
        <translation>Le BMS ne l'a pas fait ; le dernier ordre reçu en dit la raison</translation>
    </message>
    <message id="dbusbms_number">
        <source>no. %1</source>
        <extracomment>%1: number of a cell, a sensor or another part of a battery</extracomment>
        <translation>n° %1</translation>
    </message>
    <message id="dbusbms_range">
        <source>%1 to %2</source>
        <extracomment>%1 and %2: ends of a range, with its unit behind the second one</extracomment>
        <translation>%1 à %2</translation>
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
        <translation>Inconnue
Maximum configuré
Maximum du BMS
Maximum que vous avez fixé
Le BMS répond trop lentement pour davantage
Désactivée par vous
Une alarme l'interdit
Une tension de cellule est impossible
Le BMS a coupé
Cellule la plus haute
Cellule la plus basse
Température
Aucune sonde de température ne fonctionne
Température du BMS
État de charge
Monte lentement vers ce qui est permis
Le BMS ne répond pas
Le BMS est perdu
La cellule la plus basse est vide
Capacité inconnue : définir &quot;capacity&quot; dans config.ini
Autres cellules que configuré : définir &quot;chemistry&quot; dans config.ini</translation>
    </message>
    <message id="dbusbms_refused">
        <source>Refused by the driver: outside what is configured or possible now</source>
        <translation>Refusé par le pilote : hors de ce qui est configuré ou possible maintenant</translation>
    </message>
    <message id="dbusbms_settings_configuration">
        <source>Configuration</source>
        <translation>Configuration</translation>
    </message>
    <message id="dbusbms_settings_documentation">
        <source>Documentation</source>
        <translation>Documentation</translation>
    </message>
    <message id="dbusbms_settings_documentation_help">
        <source>docs/screen.md explains these pages, docs/troubleshooting.md what to do when something is wrong</source>
        <translation>docs/screen.md explique ces pages, docs/troubleshooting.md que faire quand quelque chose ne va pas</translation>
    </message>
    <message id="dbusbms_settings_log">
        <source>Log: %1</source>
        <extracomment>%1: name of a file</extracomment>
        <translation>Journal : %1</translation>
    </message>
    <message id="dbusbms_settings_none">
        <source>No battery of this driver is there</source>
        <translation>Aucune batterie de ce pilote n'est présente</translation>
    </message>
    <message id="dbusbms_settings_none_help">
        <source>On the device, /data/apps/dbus-bms/current/status says what is wrong</source>
        <translation>Sur l'appareil, /data/apps/dbus-bms/current/status dit ce qui ne va pas</translation>
    </message>
    <message id="dbusbms_settings_status">
        <source>What is installed, and what it does</source>
        <translation>Ce qui est installé, et ce qu'il fait</translation>
    </message>
    <message id="dbusbms_settings_title">
        <source>Batteries of dbus-bms</source>
        <translation>Batteries de dbus-bms</translation>
    </message>
    <message id="dbusbms_settings_version">
        <source>Version %1, at %2</source>
        <extracomment>%1: version of the program; %2: where the BMS is attached</extracomment>
        <translation>Version %1, sur %2</translation>
    </message>
    <message id="dbusbms_since">
        <source>since %1</source>
        <extracomment>%1: date and time</extracomment>
        <translation>depuis %1</translation>
    </message>
    <message id="dbusbms_standings">
        <source>in use
answers again
does not answer
left out by you
not seen yet</source>
        <translation>en service
répond à nouveau
ne répond pas
écarté par vous
pas encore vu</translation>
    </message>
    <message id="dbusbms_states">
        <source>Bulk: charging with all that is allowed
Absorption: cells are made full and even
Full, the voltage goes down slowly
Float: full, and kept so
Balancing: cells are made even at a higher voltage
Blocked</source>
        <translation>Bulk : charge avec tout ce qui est permis
Absorption : les cellules sont remplies et égalisées
Pleine, la tension baisse lentement
Float : pleine et maintenue
Équilibrage : cellules égalisées à une tension plus haute
Bloquée</translation>
    </message>
    <message id="dbusbms_sure">
        <source>Sure? Press again</source>
        <translation>Sûr ? Appuyez encore</translation>
    </message>
    <message id="dbusbms_switch_off">
        <source>Switch off</source>
        <translation>Couper</translation>
    </message>
    <message id="dbusbms_switch_on">
        <source>Switch on</source>
        <translation>Activer</translation>
    </message>
    <message id="dbusbms_trend">
        <source>Lowest cell, last %1 hours</source>
        <extracomment>%1: number of hours</extracomment>
        <translation>Cellule la plus basse, %1 dernières heures</translation>
    </message>
    <message id="dbusbms_trend_usual">
        <source>Cell %1 in %2 of %3 half hours (orange); at most %4 mV below the mean of all</source>
        <extracomment>%1: number of a cell; %2 of %3: so many half hours; %4: mV</extracomment>
        <translation>Cellule %1 dans %2 demi-heures sur %3 (orange) ; au plus %4 mV sous la moyenne</translation>
    </message>
</context>
</TS>
