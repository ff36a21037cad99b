<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
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
        <translation>Pack voltage low
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
No contact with the BMS</translation>
    </message>
    <message id="dbusbms_balancing">
        <source>balancing</source>
        <translation>balancing</translation>
    </message>
    <message id="dbusbms_bank_member">
        <source>Part of the bank</source>
        <translation>Part of the bank</translation>
    </message>
    <message id="dbusbms_bank_member_help">
        <source>Off: left out for service, without alarms; it is still connected</source>
        <translation>Off: left out for service, without alarms; it is still connected</translation>
    </message>
    <message id="dbusbms_bank_of">
        <source>%1 of %2</source>
        <extracomment>%1 of %2: numbers of packs</extracomment>
        <translation>%1 of %2</translation>
    </message>
    <message id="dbusbms_bank_online">
        <source>Packs in use</source>
        <translation>Packs in use</translation>
    </message>
    <message id="dbusbms_bank_pack">
        <source>Pack %1</source>
        <extracomment>%1: number of a pack</extracomment>
        <translation>Pack %1</translation>
    </message>
    <message id="dbusbms_bank_title">
        <source>Packs of this bank</source>
        <translation>Packs of this bank</translation>
    </message>
    <message id="dbusbms_battery_acknowledge">
        <source>Acknowledge %1</source>
        <extracomment>on a button; %1: number of events</extracomment>
        <translation>Acknowledge %1</translation>
    </message>
    <message id="dbusbms_battery_alarms">
        <source>Alarms</source>
        <translation>Alarms</translation>
    </message>
    <message id="dbusbms_battery_alerts">
        <source>Events that nobody has acknowledged</source>
        <translation>Events that nobody has acknowledged</translation>
    </message>
    <message id="dbusbms_battery_because">
        <source>Because of</source>
        <translation>Because of</translation>
    </message>
    <message id="dbusbms_battery_cells">
        <source>Cells</source>
        <translation>Cells</translation>
    </message>
    <message id="dbusbms_battery_charge">
        <source>Charging allowed up to</source>
        <translation>Charging allowed up to</translation>
    </message>
    <message id="dbusbms_battery_cycles">
        <source>Cycles</source>
        <translation>Cycles</translation>
    </message>
    <message id="dbusbms_battery_discharge">
        <source>Discharging allowed up to</source>
        <translation>Discharging allowed up to</translation>
    </message>
    <message id="dbusbms_battery_energy">
        <source>Charged, discharged</source>
        <translation>Charged, discharged</translation>
    </message>
    <message id="dbusbms_battery_event">
        <source>Latest event</source>
        <translation>Latest event</translation>
    </message>
    <message id="dbusbms_battery_failed">
        <source>Questions that the BMS left unanswered</source>
        <translation>Questions that the BMS left unanswered</translation>
    </message>
    <message id="dbusbms_battery_failed_help">
        <source>In the last five minutes</source>
        <translation>In the last five minutes</translation>
    </message>
    <message id="dbusbms_battery_faults">
        <source>To be put right</source>
        <translation>To be put right</translation>
    </message>
    <message id="dbusbms_battery_full">
        <source>Last full charge</source>
        <translation>Last full charge</translation>
    </message>
    <message id="dbusbms_battery_last_error">
        <source>Last error that stopped the battery</source>
        <translation>Last error that stopped the battery</translation>
    </message>
    <message id="dbusbms_battery_link">
        <source>Bluetooth connection</source>
        <translation>Bluetooth connection</translation>
    </message>
    <message id="dbusbms_battery_losses">
        <source>lost %1 times in 24 hours, longest gap %2 s</source>
        <extracomment>%1: a number; %2: seconds</extracomment>
        <translation>lost %1 times in 24 hours, longest gap %2 s</translation>
    </message>
    <message id="dbusbms_battery_more">
        <source>More</source>
        <translation>More</translation>
    </message>
    <message id="dbusbms_battery_never_full">
        <source>Not seen yet</source>
        <translation>Not seen yet</translation>
    </message>
    <message id="dbusbms_battery_no_cells">
        <source>No cell voltages are known now</source>
        <translation>No cell voltages are known now</translation>
    </message>
    <message id="dbusbms_battery_no_contact_help">
        <source>Check its cable, its supply and its switch. Charging is not allowed; the last values are no longer shown</source>
        <translation>Check its cable, its supply and its switch. Charging is not allowed; the last values are no longer shown</translation>
    </message>
    <message id="dbusbms_battery_now">
        <source>Now</source>
        <translation>Now</translation>
    </message>
    <message id="dbusbms_battery_returning">
        <source>The BMS answers again</source>
        <translation>The BMS answers again</translation>
    </message>
    <message id="dbusbms_battery_returning_help">
        <source>Limits rise slowly until it has proved itself</source>
        <translation>Limits rise slowly until it has proved itself</translation>
    </message>
    <message id="dbusbms_battery_silent_sensor">
        <source>a sensor that is silent now</source>
        <translation>a sensor that is silent now</translation>
    </message>
    <message id="dbusbms_battery_spread">
        <source>Largest difference in two days</source>
        <translation>Largest difference in two days</translation>
    </message>
    <message id="dbusbms_battery_state">
        <source>State</source>
        <translation>State</translation>
    </message>
    <message id="dbusbms_battery_strongest">
        <source>Strongest cell</source>
        <translation>Strongest cell</translation>
    </message>
    <message id="dbusbms_battery_temperatures">
        <source>Temperatures</source>
        <translation>Temperatures</translation>
    </message>
    <message id="dbusbms_battery_title">
        <source>Cells and limits</source>
        <translation>Cells and limits</translation>
    </message>
    <message id="dbusbms_battery_trouble">
        <source>What ends the connection</source>
        <translation>What ends the connection</translation>
    </message>
    <message id="dbusbms_battery_weakest">
        <source>Weakest cell</source>
        <translation>Weakest cell</translation>
    </message>
    <message id="dbusbms_battery_weakest_help">
        <source>How far it is ahead of the others on the way to full and to empty</source>
        <translation>How far it is ahead of the others on the way to full and to empty</translation>
    </message>
    <message id="dbusbms_began">
        <source>over; it began %1</source>
        <extracomment>%1: date and time</extracomment>
        <translation>over; it began %1</translation>
    </message>
    <message id="dbusbms_bridge">
        <source>Bridge to solar chargers</source>
        <translation>Bridge to solar chargers</translation>
    </message>
    <message id="dbusbms_bridge_not_allowed">
        <source>Charging not allowed</source>
        <translation>Charging not allowed</translation>
    </message>
    <message id="dbusbms_bridge_off">
        <source>switched off by the bridge</source>
        <translation>switched off by the bridge</translation>
    </message>
    <message id="dbusbms_bridge_problem">
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message id="dbusbms_bridge_why">
        <source>Why</source>
        <translation>Why</translation>
    </message>
    <message id="dbusbms_causes">
        <source>The BMS says so
Cell voltage
Voltage of the pack
Current
Cells did not become even in time
Current although the BMS has switched off
Many answers are damaged</source>
        <translation>The BMS says so
Cell voltage
Voltage of the pack
Current
Cells did not become even in time
Current although the BMS has switched off
Many answers are damaged</translation>
    </message>
    <message id="dbusbms_cell">
        <source>%1: %2, %3 mV from the mean</source>
        <extracomment>%1: name of a cell; %2: voltage; %3: difference to the mean of all cells in mV, with its sign</extracomment>
        <translation>%1: %2, %3 mV from the mean</translation>
    </message>
    <message id="dbusbms_cells_scale">
        <source>Lowest %1 %2, highest %3 %4, difference %5 mV. Tap a cell for its numbers; a dot: it is being balanced</source>
        <extracomment>%1, %3: names of cells; %2, %4: their voltages; %5: difference in mV</extracomment>
        <translation>Lowest %1 %2, highest %3 %4, difference %5 mV. Tap a cell for its numbers; a dot: it is being balanced</translation>
    </message>
    <message id="dbusbms_control_absorption">
        <source>Voltage of a full cell (absorption)</source>
        <translation>Voltage of a full cell (absorption)</translation>
    </message>
    <message id="dbusbms_control_absorption_help">
        <source>The battery is charged up to this, until its cells are even</source>
        <translation>The battery is charged up to this, until its cells are even</translation>
    </message>
    <message id="dbusbms_control_balancer">
        <source>Balancer of the BMS</source>
        <translation>Balancer of the BMS</translation>
    </message>
    <message id="dbusbms_control_balancer_help">
        <source>Off: the BMS no longer makes cells even</source>
        <translation>Off: the BMS no longer makes cells even</translation>
    </message>
    <message id="dbusbms_control_charge">
        <source>Charging allowed</source>
        <translation>Charging allowed</translation>
    </message>
    <message id="dbusbms_control_charge_help">
        <source>Off: chargers are told 0 A</source>
        <translation>Off: chargers are told 0 A</translation>
    </message>
    <message id="dbusbms_control_charge_switch">
        <source>Charge switch of the BMS</source>
        <translation>Charge switch of the BMS</translation>
    </message>
    <message id="dbusbms_control_charge_switch_help">
        <source>Off: the BMS itself cuts charging off, until it is told otherwise</source>
        <translation>Off: the BMS itself cuts charging off, until it is told otherwise</translation>
    </message>
    <message id="dbusbms_control_configured_off">
        <source>Switched off in config.ini, so it cannot be switched on here</source>
        <translation>Switched off in config.ini, so it cannot be switched on here</translation>
    </message>
    <message id="dbusbms_control_discharge">
        <source>Discharging allowed</source>
        <translation>Discharging allowed</translation>
    </message>
    <message id="dbusbms_control_discharge_help">
        <source>Off: inverters are told 0 A; the house may go dark</source>
        <translation>Off: inverters are told 0 A; the house may go dark</translation>
    </message>
    <message id="dbusbms_control_discharge_switch">
        <source>Discharge switch of the BMS</source>
        <translation>Discharge switch of the BMS</translation>
    </message>
    <message id="dbusbms_control_discharge_switch_help">
        <source>Off takes the whole system down, this screen too if the battery feeds it</source>
        <translation>Off takes the whole system down, this screen too if the battery feeds it</translation>
    </message>
    <message id="dbusbms_control_float">
        <source>Voltage of a cell that is kept full (float)</source>
        <translation>Voltage of a cell that is kept full (float)</translation>
    </message>
    <message id="dbusbms_control_float_help">
        <source>A full battery is kept at this</source>
        <translation>A full battery is kept at this</translation>
    </message>
    <message id="dbusbms_control_full_days">
        <source>Days between balancing charges</source>
        <translation>Days between balancing charges</translation>
    </message>
    <message id="dbusbms_control_full_days_help">
        <source>So often the battery is charged until its cells are even; 0: never</source>
        <translation>So often the battery is charged until its cells are even; 0: never</translation>
    </message>
    <message id="dbusbms_control_max_charge">
        <source>Highest charge current</source>
        <translation>Highest charge current</translation>
    </message>
    <message id="dbusbms_control_max_charge_help">
        <source>Chargers are told no more than this</source>
        <translation>Chargers are told no more than this</translation>
    </message>
    <message id="dbusbms_control_max_discharge">
        <source>Highest discharge current</source>
        <translation>Highest discharge current</translation>
    </message>
    <message id="dbusbms_control_max_discharge_help">
        <source>Inverters are told no more than this</source>
        <translation>Inverters are told no more than this</translation>
    </message>
    <message id="dbusbms_control_order">
        <source>What the BMS was told last, and what became of it</source>
        <translation>What the BMS was told last, and what became of it</translation>
    </message>
    <message id="dbusbms_control_phone">
        <source>Leave the BMS to a phone</source>
        <translation>Leave the BMS to a phone</translation>
    </message>
    <message id="dbusbms_control_phone_begin">
        <source>For 10 minutes</source>
        <translation>For 10 minutes</translation>
    </message>
    <message id="dbusbms_control_phone_end">
        <source>Take it back, %1 min left</source>
        <extracomment>on a button; %1: number of minutes</extracomment>
        <translation>Take it back, %1 min left</translation>
    </message>
    <message id="dbusbms_control_phone_help">
        <source>The app can reach it for ten minutes; meanwhile it is not seen here, and charging is not allowed</source>
        <translation>The app can reach it for ten minutes; meanwhile it is not seen here, and charging is not allowed</translation>
    </message>
    <message id="dbusbms_control_soc">
        <source>The state of charge is</source>
        <translation>The state of charge is</translation>
    </message>
    <message id="dbusbms_control_soc_bms">
        <source>The BMS</source>
        <translation>The BMS</translation>
    </message>
    <message id="dbusbms_control_soc_driver">
        <source>This driver</source>
        <translation>This driver</translation>
    </message>
    <message id="dbusbms_control_soc_help">
        <source>Sets what the battery is taken to hold now; it counts on from there</source>
        <translation>Sets what the battery is taken to hold now; it counts on from there</translation>
    </message>
    <message id="dbusbms_control_soc_not">
        <source>Cannot be set: whoever counts it does not take it, or the BMS does not answer</source>
        <translation>Cannot be set: whoever counts it does not take it, or the BMS does not answer</translation>
    </message>
    <message id="dbusbms_control_soc_other">
        <source>Another battery monitor</source>
        <translation>Another battery monitor</translation>
    </message>
    <message id="dbusbms_control_soc_source">
        <source>Who counts the state of charge</source>
        <translation>Who counts the state of charge</translation>
    </message>
    <message id="dbusbms_control_soc_source_help">
        <source>A BMS may drift; this driver counts anew from each full charge</source>
        <translation>A BMS may drift; this driver counts anew from each full charge</translation>
    </message>
    <message id="dbusbms_control_title">
        <source>Limits and switches</source>
        <translation>Limits and switches</translation>
    </message>
    <message id="dbusbms_days_ago">
        <source>%1 days ago</source>
        <extracomment>%1: number of days</extracomment>
        <translation>%1 days ago</translation>
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
        <translation>note
warning
alarm</translation>
    </message>
    <message id="dbusbms_none">
        <source>None</source>
        <translation>None</translation>
    </message>
    <message id="dbusbms_not_done">
        <source>The BMS has not done it; what it was told last says why</source>
        <translation>The BMS has not done it; what it was told last says why</translation>
    </message>
    <message id="dbusbms_number">
        <source>no. %1</source>
        <extracomment>%1: number of a cell, a sensor or another part of a battery</extracomment>
        <translation>no. %1</translation>
    </message>
    <message id="dbusbms_range">
        <source>%1 to %2</source>
        <extracomment>%1 and %2: ends of a range, with its unit behind the second one</extracomment>
        <translation>%1 to %2</translation>
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
        <translation>Not known
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
Other cells than configured: set &quot;chemistry&quot; in config.ini</translation>
    </message>
    <message id="dbusbms_refused">
        <source>Refused by the driver: outside what is configured or possible now</source>
        <translation>Refused by the driver: outside what is configured or possible now</translation>
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
        <translation>docs/screen.md explains these pages, docs/troubleshooting.md what to do when something is wrong</translation>
    </message>
    <message id="dbusbms_settings_log">
        <source>Log: %1</source>
        <extracomment>%1: name of a file</extracomment>
        <translation>Log: %1</translation>
    </message>
    <message id="dbusbms_settings_none">
        <source>No battery of this driver is there</source>
        <translation>No battery of this driver is there</translation>
    </message>
    <message id="dbusbms_settings_none_help">
        <source>On the device, /data/apps/dbus-bms/current/status says what is wrong</source>
        <translation>On the device, /data/apps/dbus-bms/current/status says what is wrong</translation>
    </message>
    <message id="dbusbms_settings_status">
        <source>What is installed, and what it does</source>
        <translation>What is installed, and what it does</translation>
    </message>
    <message id="dbusbms_settings_title">
        <source>Batteries of dbus-bms</source>
        <translation>Batteries of dbus-bms</translation>
    </message>
    <message id="dbusbms_settings_version">
        <source>Version %1, at %2</source>
        <extracomment>%1: version of the program; %2: where the BMS is attached</extracomment>
        <translation>Version %1, at %2</translation>
    </message>
    <message id="dbusbms_since">
        <source>since %1</source>
        <extracomment>%1: date and time</extracomment>
        <translation>since %1</translation>
    </message>
    <message id="dbusbms_standings">
        <source>in use
answers again
does not answer
left out by you
not seen yet</source>
        <translation>in use
answers again
does not answer
left out by you
not seen yet</translation>
    </message>
    <message id="dbusbms_states">
        <source>Bulk: charging with all that is allowed
Absorption: cells are made full and even
Full, the voltage goes down slowly
Float: full, and kept so
Balancing: cells are made even at a higher voltage
Blocked</source>
        <translation>Bulk: charging with all that is allowed
Absorption: cells are made full and even
Full, the voltage goes down slowly
Float: full, and kept so
Balancing: cells are made even at a higher voltage
Blocked</translation>
    </message>
    <message id="dbusbms_sure">
        <source>Sure? Press again</source>
        <translation>Sure? Press again</translation>
    </message>
    <message id="dbusbms_switch_off">
        <source>Switch off</source>
        <translation>Switch off</translation>
    </message>
    <message id="dbusbms_switch_on">
        <source>Switch on</source>
        <translation>Switch on</translation>
    </message>
    <message id="dbusbms_trend">
        <source>Lowest cell, last %1 hours</source>
        <extracomment>%1: number of hours</extracomment>
        <translation>Lowest cell, last %1 hours</translation>
    </message>
    <message id="dbusbms_trend_usual">
        <source>Cell %1 in %2 of %3 half hours (orange); at most %4 mV below the mean of all</source>
        <extracomment>%1: number of a cell; %2 of %3: so many half hours; %4: mV</extracomment>
        <translation>Cell %1 in %2 of %3 half hours (orange); at most %4 mV below the mean of all</translation>
    </message>
</context>
</TS>
