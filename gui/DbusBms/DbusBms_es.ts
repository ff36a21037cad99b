<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es">
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
        <translation>Tensión de batería baja
Tensión de batería alta
Tensión de celda baja
Tensión de celda alta
Batería casi vacía
Corriente de carga alta
Corriente de descarga alta
Demasiado frío para cargar
Demasiado calor para cargar
Demasiado frío
Demasiado calor
BMS demasiado caliente
Celdas desequilibradas
Sensor de temperatura
Fallo interno
Fusible fundido
Contactor
Estado de salud
Sin contacto con el BMS</translation>
    </message>
    <message id="dbusbms_balancing">
        <source>balancing</source>
        <translation>equilibrándose</translation>
    </message>
    <message id="dbusbms_bank_member">
        <source>Part of the bank</source>
        <translation>Parte del banco</translation>
    </message>
    <message id="dbusbms_bank_member_help">
        <source>Off: left out for service, without alarms; it is still connected</source>
        <translation>Apagado: excluido por mantenimiento, sin alarmas; sigue conectado</translation>
    </message>
    <message id="dbusbms_bank_of">
        <source>%1 of %2</source>
        <extracomment>%1 of %2: numbers of packs</extracomment>
        <translation>%1 de %2</translation>
    </message>
    <message id="dbusbms_bank_online">
        <source>Packs in use</source>
        <translation>Packs en uso</translation>
    </message>
    <message id="dbusbms_bank_pack">
        <source>Pack %1</source>
        <extracomment>%1: number of a pack</extracomment>
        <translation>Pack %1</translation>
    </message>
    <message id="dbusbms_bank_title">
        <source>Packs of this bank</source>
        <translation>Packs de este banco</translation>
    </message>
    <message id="dbusbms_battery_acknowledge">
        <source>Acknowledge %1</source>
        <extracomment>on a button; %1: number of events</extracomment>
        <translation>Confirmar %1</translation>
    </message>
    <message id="dbusbms_battery_alarms">
        <source>Alarms</source>
        <translation>Alarmas</translation>
    </message>
    <message id="dbusbms_battery_alerts">
        <source>Events that nobody has acknowledged</source>
        <translation>Sucesos que nadie ha confirmado</translation>
    </message>
    <message id="dbusbms_battery_because">
        <source>Because of</source>
        <translation>Debido a</translation>
    </message>
    <message id="dbusbms_battery_cells">
        <source>Cells</source>
        <translation>Celdas</translation>
    </message>
    <message id="dbusbms_battery_charge">
        <source>Charging allowed up to</source>
        <translation>Carga permitida hasta</translation>
    </message>
    <message id="dbusbms_battery_cycles">
        <source>Cycles</source>
        <translation>Ciclos</translation>
    </message>
    <message id="dbusbms_battery_discharge">
        <source>Discharging allowed up to</source>
        <translation>Descarga permitida hasta</translation>
    </message>
    <message id="dbusbms_battery_energy">
        <source>Charged, discharged</source>
        <translation>Cargado, descargado</translation>
    </message>
    <message id="dbusbms_battery_event">
        <source>Latest event</source>
        <translation>Último suceso</translation>
    </message>
    <message id="dbusbms_battery_failed">
        <source>Questions that the BMS left unanswered</source>
        <translation>Preguntas que el BMS no ha contestado</translation>
    </message>
    <message id="dbusbms_battery_failed_help">
        <source>In the last five minutes</source>
        <translation>En los últimos cinco minutos</translation>
    </message>
    <message id="dbusbms_battery_faults">
        <source>To be put right</source>
        <translation>Por corregir</translation>
    </message>
    <message id="dbusbms_battery_full">
        <source>Last full charge</source>
        <translation>Última carga completa</translation>
    </message>
    <message id="dbusbms_battery_last_error">
        <source>Last error that stopped the battery</source>
        <translation>Último error que detuvo la batería</translation>
    </message>
    <message id="dbusbms_battery_link">
        <source>Bluetooth connection</source>
        <translation>Conexión Bluetooth</translation>
    </message>
    <message id="dbusbms_battery_losses">
        <source>lost %1 times in 24 hours, longest gap %2 s</source>
        <extracomment>%1: a number; %2: seconds</extracomment>
        <translation>perdida %1 veces en 24 horas, corte más largo %2 s</translation>
    </message>
    <message id="dbusbms_battery_more">
        <source>More</source>
        <translation>Más</translation>
    </message>
    <message id="dbusbms_battery_never_full">
        <source>Not seen yet</source>
        <translation>Aún no vista</translation>
    </message>
    <message id="dbusbms_battery_no_cells">
        <source>No cell voltages are known now</source>
        <translation>No se conocen tensiones de celda ahora</translation>
    </message>
    <message id="dbusbms_battery_no_contact_help">
        <source>Check its cable, its supply and its switch. Charging is not allowed; the last values are no longer shown</source>
        <translation>Revise cable, alimentación e interruptor. No se permite cargar; ya no se muestran los últimos valores</translation>
    </message>
    <message id="dbusbms_battery_now">
        <source>Now</source>
        <translation>Ahora</translation>
    </message>
    <message id="dbusbms_battery_returning">
        <source>The BMS answers again</source>
        <translation>El BMS vuelve a responder</translation>
    </message>
    <message id="dbusbms_battery_returning_help">
        <source>Limits rise slowly until it has proved itself</source>
        <translation>Los límites suben despacio hasta que se confirme</translation>
    </message>
    <message id="dbusbms_battery_silent_sensor">
        <source>a sensor that is silent now</source>
        <translation>un sensor que ahora no responde</translation>
    </message>
    <message id="dbusbms_battery_spread">
        <source>Largest difference in two days</source>
        <translation>Mayor diferencia en dos días</translation>
    </message>
    <message id="dbusbms_battery_state">
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message id="dbusbms_battery_strongest">
        <source>Strongest cell</source>
        <translation>Celda más fuerte</translation>
    </message>
    <message id="dbusbms_battery_temperatures">
        <source>Temperatures</source>
        <translation>Temperaturas</translation>
    </message>
    <message id="dbusbms_battery_title">
        <source>Cells and limits</source>
        <translation>Celdas y límites</translation>
    </message>
    <message id="dbusbms_battery_trouble">
        <source>What ends the connection</source>
        <translation>Lo que corta la conexión</translation>
    </message>
    <message id="dbusbms_battery_weakest">
        <source>Weakest cell</source>
        <translation>Celda más débil</translation>
    </message>
    <message id="dbusbms_battery_weakest_help">
        <source>How far it is ahead of the others on the way to full and to empty</source>
        <translation>Cuánto se adelanta a las demás camino de llena y vacía</translation>
    </message>
    <message id="dbusbms_began">
        <source>over; it began %1</source>
        <extracomment>%1: date and time</extracomment>
        <translation>terminado; empezó %1</translation>
    </message>
    <message id="dbusbms_bridge">
        <source>Bridge to solar chargers</source>
        <translation>Puente a cargadores solares</translation>
    </message>
    <message id="dbusbms_bridge_not_allowed">
        <source>Charging not allowed</source>
        <translation>Carga no permitida</translation>
    </message>
    <message id="dbusbms_bridge_off">
        <source>switched off by the bridge</source>
        <translation>apagado por el puente</translation>
    </message>
    <message id="dbusbms_bridge_problem">
        <source>Problem</source>
        <translation>Problema</translation>
    </message>
    <message id="dbusbms_bridge_why">
        <source>Why</source>
        <translation>Por qué</translation>
    </message>
    <message id="dbusbms_causes">
        <source>The BMS says so
Cell voltage
Voltage of the pack
Current
Cells did not become even in time
Current although the BMS has switched off
Many answers are damaged</source>
        <translation>Lo indica el BMS
Tensión de celda
Tensión de la batería
Corriente
Las celdas no se igualaron a tiempo
Corriente aunque el BMS ha cortado
Muchas respuestas están dañadas</translation>
    </message>
    <message id="dbusbms_cell">
        <source>%1: %2, %3 mV from the mean</source>
        <extracomment>%1: name of a cell; %2: voltage; %3: difference to the mean of all cells in mV, with its sign</extracomment>
        <translation>%1: %2, %3 mV de la media</translation>
    </message>
    <message id="dbusbms_cells_scale">
        <source>Lowest %1 %2, highest %3 %4, difference %5 mV. Tap a cell for its numbers; a dot: it is being balanced</source>
        <extracomment>%1, %3: names of cells; %2, %4: their voltages; %5: difference in mV</extracomment>
        <translation>Más baja %1 %2, más alta %3 %4, diferencia %5 mV. Toque una celda para ver sus valores; un punto: equilibrándose</translation>
    </message>
    <message id="dbusbms_control_absorption">
        <source>Voltage of a full cell (absorption)</source>
        <translation>Tensión de una celda llena (absorción)</translation>
    </message>
    <message id="dbusbms_control_absorption_help">
        <source>The battery is charged up to this, until its cells are even</source>
        <translation>Se carga hasta aquí, hasta que las celdas queden iguales</translation>
    </message>
    <message id="dbusbms_control_balancer">
        <source>Balancer of the BMS</source>
        <translation>Equilibrador del BMS</translation>
    </message>
    <message id="dbusbms_control_balancer_help">
        <source>Off: the BMS no longer makes cells even</source>
        <translation>Apagado: el BMS ya no iguala las celdas</translation>
    </message>
    <message id="dbusbms_control_charge">
        <source>Charging allowed</source>
        <translation>Carga permitida</translation>
    </message>
    <message id="dbusbms_control_charge_help">
        <source>Off: chargers are told 0 A</source>
        <translation>Apagado: los cargadores reciben 0 A</translation>
    </message>
    <message id="dbusbms_control_charge_switch">
        <source>Charge switch of the BMS</source>
        <translation>Interruptor de carga del BMS</translation>
    </message>
    <message id="dbusbms_control_charge_switch_help">
        <source>Off: the BMS itself cuts charging off, until it is told otherwise</source>
        <translation>Apagado: el propio BMS corta la carga hasta nueva orden</translation>
    </message>
    <message id="dbusbms_control_configured_off">
        <source>Switched off in config.ini, so it cannot be switched on here</source>
        <translation>Desactivado en config.ini, no se puede activar aquí</translation>
    </message>
    <message id="dbusbms_control_discharge">
        <source>Discharging allowed</source>
        <translation>Descarga permitida</translation>
    </message>
    <message id="dbusbms_control_discharge_help">
        <source>Off: inverters are told 0 A; the house may go dark</source>
        <translation>Apagado: los inversores reciben 0 A; la casa puede quedar a oscuras</translation>
    </message>
    <message id="dbusbms_control_discharge_switch">
        <source>Discharge switch of the BMS</source>
        <translation>Interruptor de descarga del BMS</translation>
    </message>
    <message id="dbusbms_control_discharge_switch_help">
        <source>Off takes the whole system down, this screen too if the battery feeds it</source>
        <translation>Apagado deja todo el sistema sin corriente, también esta pantalla si la alimenta la batería</translation>
    </message>
    <message id="dbusbms_control_float">
        <source>Voltage of a cell that is kept full (float)</source>
        <translation>Tensión de una celda mantenida llena (flotación)</translation>
    </message>
    <message id="dbusbms_control_float_help">
        <source>A full battery is kept at this</source>
        <translation>Una batería llena se mantiene en este valor</translation>
    </message>
    <message id="dbusbms_control_full_days">
        <source>Days between balancing charges</source>
        <translation>Días entre cargas de equilibrado</translation>
    </message>
    <message id="dbusbms_control_full_days_help">
        <source>So often the battery is charged until its cells are even; 0: never</source>
        <translation>Cada cuánto se carga hasta igualar las celdas; 0: nunca</translation>
    </message>
    <message id="dbusbms_control_max_charge">
        <source>Highest charge current</source>
        <translation>Corriente de carga máxima</translation>
    </message>
    <message id="dbusbms_control_max_charge_help">
        <source>Chargers are told no more than this</source>
        <translation>A los cargadores nunca se les permite más</translation>
    </message>
    <message id="dbusbms_control_max_discharge">
        <source>Highest discharge current</source>
        <translation>Corriente de descarga máxima</translation>
    </message>
    <message id="dbusbms_control_max_discharge_help">
        <source>Inverters are told no more than this</source>
        <translation>A los inversores nunca se les permite más</translation>
    </message>
    <message id="dbusbms_control_order">
        <source>What the BMS was told last, and what became of it</source>
        <translation>Última orden al BMS y su resultado</translation>
    </message>
    <message id="dbusbms_control_phone">
        <source>Leave the BMS to a phone</source>
        <translation>Ceder el BMS a un teléfono</translation>
    </message>
    <message id="dbusbms_control_phone_begin">
        <source>For 10 minutes</source>
        <translation>Durante 10 minutos</translation>
    </message>
    <message id="dbusbms_control_phone_end">
        <source>Take it back, %1 min left</source>
        <extracomment>on a button; %1: number of minutes</extracomment>
        <translation>Recuperar, quedan %1 min</translation>
    </message>
    <message id="dbusbms_control_phone_help">
        <source>The app can reach it for ten minutes; meanwhile it is not seen here, and charging is not allowed</source>
        <translation>La aplicación puede usarlo diez minutos; entretanto no se ve aquí y no se permite cargar</translation>
    </message>
    <message id="dbusbms_control_soc">
        <source>The state of charge is</source>
        <translation>El estado de carga es</translation>
    </message>
    <message id="dbusbms_control_soc_bms">
        <source>The BMS</source>
        <translation>El BMS</translation>
    </message>
    <message id="dbusbms_control_soc_driver">
        <source>This driver</source>
        <translation>Este controlador</translation>
    </message>
    <message id="dbusbms_control_soc_help">
        <source>Sets what the battery is taken to hold now; it counts on from there</source>
        <translation>Fija lo que contiene ahora la batería; se cuenta desde ahí</translation>
    </message>
    <message id="dbusbms_control_soc_not">
        <source>Cannot be set: whoever counts it does not take it, or the BMS does not answer</source>
        <translation>No se puede fijar: quien lo cuenta no lo acepta, o el BMS no responde</translation>
    </message>
    <message id="dbusbms_control_soc_other">
        <source>Another battery monitor</source>
        <translation>Otro monitor de baterías</translation>
    </message>
    <message id="dbusbms_control_soc_source">
        <source>Who counts the state of charge</source>
        <translation>Quién cuenta el estado de carga</translation>
    </message>
    <message id="dbusbms_control_soc_source_help">
        <source>A BMS may drift; this driver counts anew from each full charge</source>
        <translation>Un BMS puede desviarse; este controlador cuenta de nuevo desde cada carga completa</translation>
    </message>
    <message id="dbusbms_control_title">
        <source>Limits and switches</source>
        <translation>Límites e interruptores</translation>
    </message>
    <message id="dbusbms_days_ago">
        <source>%1 days ago</source>
        <extracomment>%1: number of days</extracomment>
        <translation>hace %1 días</translation>
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
        <translation>aviso
advertencia
alarma</translation>
    </message>
    <message id="dbusbms_none">
        <source>None</source>
        <translation>Ninguna</translation>
    </message>
    <message id="dbusbms_not_done">
        <source>The BMS has not done it; what it was told last says why</source>
        <translation>El BMS no lo ha hecho; lo último que se le ordenó dice por qué</translation>
    </message>
    <message id="dbusbms_number">
        <source>no. %1</source>
        <extracomment>%1: number of a cell, a sensor or another part of a battery</extracomment>
        <translation>n.º %1</translation>
    </message>
    <message id="dbusbms_range">
        <source>%1 to %2</source>
        <extracomment>%1 and %2: ends of a range, with its unit behind the second one</extracomment>
        <translation>%1 a %2</translation>
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
        <translation>Desconocido
Máximo configurado
Máximo del BMS
Máximo fijado por usted
El BMS responde demasiado lento para más
Desactivado por usted
Una alarma lo impide
Una tensión de celda no puede ser cierta
El BMS ha cortado
Celda más alta
Celda más baja
Temperatura
Ningún sensor de temperatura funciona
Temperatura del BMS
Estado de carga
Sube despacio hasta lo permitido
El BMS no responde
El BMS se ha perdido
La celda más baja está vacía
Capacidad desconocida: defina &quot;capacity&quot; en config.ini
Otras celdas que las configuradas: defina &quot;chemistry&quot; en config.ini</translation>
    </message>
    <message id="dbusbms_refused">
        <source>Refused by the driver: outside what is configured or possible now</source>
        <translation>Rechazado por el controlador: fuera de lo configurado o posible ahora</translation>
    </message>
    <message id="dbusbms_settings_configuration">
        <source>Configuration</source>
        <translation>Configuración</translation>
    </message>
    <message id="dbusbms_settings_documentation">
        <source>Documentation</source>
        <translation>Documentación</translation>
    </message>
    <message id="dbusbms_settings_documentation_help">
        <source>docs/screen.md explains these pages, docs/troubleshooting.md what to do when something is wrong</source>
        <translation>docs/screen.md explica estas páginas, docs/troubleshooting.md qué hacer cuando algo va mal</translation>
    </message>
    <message id="dbusbms_settings_log">
        <source>Log: %1</source>
        <extracomment>%1: name of a file</extracomment>
        <translation>Registro: %1</translation>
    </message>
    <message id="dbusbms_settings_none">
        <source>No battery of this driver is there</source>
        <translation>No hay ninguna batería de este controlador</translation>
    </message>
    <message id="dbusbms_settings_none_help">
        <source>On the device, /data/apps/dbus-bms/current/status says what is wrong</source>
        <translation>En el dispositivo, /data/apps/dbus-bms/current/status dice qué falla</translation>
    </message>
    <message id="dbusbms_settings_status">
        <source>What is installed, and what it does</source>
        <translation>Qué hay instalado y qué hace</translation>
    </message>
    <message id="dbusbms_settings_title">
        <source>Batteries of dbus-bms</source>
        <translation>Baterías de dbus-bms</translation>
    </message>
    <message id="dbusbms_settings_version">
        <source>Version %1, at %2</source>
        <extracomment>%1: version of the program; %2: where the BMS is attached</extracomment>
        <translation>Versión %1, en %2</translation>
    </message>
    <message id="dbusbms_since">
        <source>since %1</source>
        <extracomment>%1: date and time</extracomment>
        <translation>desde %1</translation>
    </message>
    <message id="dbusbms_standings">
        <source>in use
answers again
does not answer
left out by you
not seen yet</source>
        <translation>en uso
responde de nuevo
no responde
excluido por usted
aún no visto</translation>
    </message>
    <message id="dbusbms_states">
        <source>Bulk: charging with all that is allowed
Absorption: cells are made full and even
Full, the voltage goes down slowly
Float: full, and kept so
Balancing: cells are made even at a higher voltage
Blocked</source>
        <translation>Bulk: carga con todo lo permitido
Absorción: las celdas se llenan y se igualan
Llena, la tensión baja despacio
Flotación: llena y mantenida
Equilibrado: celdas igualadas a mayor tensión
Bloqueada</translation>
    </message>
    <message id="dbusbms_sure">
        <source>Sure? Press again</source>
        <translation>¿Seguro? Pulse otra vez</translation>
    </message>
    <message id="dbusbms_switch_off">
        <source>Switch off</source>
        <translation>Apagar</translation>
    </message>
    <message id="dbusbms_switch_on">
        <source>Switch on</source>
        <translation>Encender</translation>
    </message>
    <message id="dbusbms_trend">
        <source>Lowest cell, last %1 hours</source>
        <extracomment>%1: number of hours</extracomment>
        <translation>Celda más baja, últimas %1 horas</translation>
    </message>
    <message id="dbusbms_trend_usual">
        <source>Cell %1 in %2 of %3 half hours (orange); at most %4 mV below the mean of all</source>
        <extracomment>%1: number of a cell; %2 of %3: so many half hours; %4: mV</extracomment>
        <translation>Celda %1 en %2 de %3 medias horas (naranja); como máximo %4 mV bajo la media</translation>
    </message>
</context>
</TS>
