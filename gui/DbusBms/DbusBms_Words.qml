import QtQuick

// Numbers of the driver in the owner's words, and the few helpers that every page needs.
QtObject {
	id: root

	// Each of these is one text with a line for each number, as many small texts would make the file half as large again.

	// /Info/ChargeState
	//% "Bulk: charging with all that is allowed\n"
	//% "Absorption: cells are made full and even\n"
	//% "Full, the voltage goes down slowly\n"
	//% "Float: full, and kept so\n"
	//% "Balancing: cells are made even at a higher voltage\n"
	//% "Blocked"
	readonly property var states: qsTrId("dbusbms_states").split("\n")

	// /Info/ChargeLimitationCode, /Info/DischargeLimitationCode
	//% "Not known\n"
	//% "Configured maximum\n"
	//% "Maximum of the BMS\n"
	//% "Maximum that you have set\n"
	//% "The BMS answers too slowly for more\n"
	//% "Switched off by you\n"
	//% "An alarm forbids it\n"
	//% "A cell voltage cannot be true\n"
	//% "The BMS has switched off\n"
	//% "Highest cell\n"
	//% "Lowest cell\n"
	//% "Temperature\n"
	//% "No temperature sensor works\n"
	//% "Temperature of the BMS\n"
	//% "State of charge\n"
	//% "Rising slowly to what is allowed\n"
	//% "The BMS does not answer\n"
	//% "The BMS is lost\n"
	//% "The lowest cell is empty\n"
	//% "Capacity unknown: set \"capacity\" in config.ini\n"
	//% "Other cells than configured: set \"chemistry\" in config.ini"
	readonly property var reasons: qsTrId("dbusbms_reasons").split("\n")

	// /Info/AlarmCodes: the names of the alarms, and what they mean.
	readonly property var alarmNames: [
		"LowVoltage",
		"HighVoltage",
		"LowCellVoltage",
		"HighCellVoltage",
		"LowSoc",
		"HighChargeCurrent",
		"HighDischargeCurrent",
		"LowChargeTemperature",
		"HighChargeTemperature",
		"LowTemperature",
		"HighTemperature",
		"HighInternalTemperature",
		"CellImbalance",
		"BatteryTemperatureSensor",
		"InternalFailure",
		"FuseBlown",
		"Contactor",
		"StateOfHealth",
		"BmsCable"
	]
	//% "Pack voltage low\n"
	//% "Pack voltage high\n"
	//% "Cell voltage low\n"
	//% "Cell voltage high\n"
	//% "Battery nearly empty\n"
	//% "Charge current high\n"
	//% "Discharge current high\n"
	//% "Too cold to charge\n"
	//% "Too hot to charge\n"
	//% "Too cold\n"
	//% "Too hot\n"
	//% "BMS too hot\n"
	//% "Cells apart\n"
	//% "Temperature sensor\n"
	//% "Internal failure\n"
	//% "Fuse blown\n"
	//% "Contactor\n"
	//% "State of health\n"
	//% "No contact with the BMS"
	readonly property var alarmTexts: qsTrId("dbusbms_alarms").split("\n")

	// /Diagnostics/LastErrors/<n>/Error: Venus's numbers, and which alarms may be meant.
	readonly property var errorAlarms: ({
		7: ["BatteryTemperatureSensor"],
		11: ["InternalFailure", "FuseBlown"],
		13: ["HighCellVoltage", "HighVoltage"],
		14: ["LowCellVoltage", "LowVoltage"],
		15: ["HighTemperature"],
		16: ["LowTemperature"],
		20: ["Contactor"],
		32: ["BmsCable"]
	})
	function error(code) {
		const meant = (errorAlarms[code] || []).map(name => alarmText(name))
		return meant.length > 0 ? "#" + code + " " + meant.join(" / ") : "#" + code
	}

	// Causes in /Info/AlarmCodes; many of them are reasons or alarms as well.
	//% "The BMS says so\n"
	//% "Cell voltage\n"
	//% "Voltage of the pack\n"
	//% "Current\n"
	//% "Cells did not become even in time\n"
	//% "Current although the BMS has switched off\n"
	//% "Many answers are damaged"
	readonly property var own: qsTrId("dbusbms_causes").split("\n")
	readonly property var causes: ["", own[0], own[1], reasons[18], own[2], reasons[14], reasons[11], reasons[13], own[3],
		alarmText("CellImbalance"), own[4], alarmText("BatteryTemperatureSensor"), own[5], reasons[7], alarmText("StateOfHealth"),
		reasons[16], own[6]]

	// Levels of alarms, and of /CellMonitor/Alerts/LatestCode
	//% "note\n"
	//% "warning\n"
	//% "alarm"
	readonly property var levels: qsTrId("dbusbms_levels").split("\n")

	// Kinds in /CellMonitor/Alerts/LatestCode
	readonly property var events: [alarmText("CellImbalance"), alarmText("LowCellVoltage"), alarmText("HighCellVoltage")]

	// /Battery/<n>/Standing of a bank: the words of the driver, and what they mean.
	readonly property var standingNames: ["in use", "returning", "silent", "excluded", "not seen yet"]
	//% "in use\n"
	//% "answers again\n"
	//% "does not answer\n"
	//% "left out by you\n"
	//% "not seen yet"
	readonly property var standingTexts: qsTrId("dbusbms_standings").split("\n")
	function standing(name) {
		const place = standingNames.indexOf(name)
		return place < 0 ? plain(name) : standingTexts[place]
	}

	// What this version does not know is shown by its name.
	function alarmText(name) {
		const place = alarmNames.indexOf(name)
		return place < 0 ? name : alarmTexts[place]
	}

	// The value of an item in its list, "--" when there is none.
	function of(list, item) { return item.valid && list[item.value] !== undefined ? list[item.value] : "--" }

	// A reason of a limit, and since when; "" when there is none.
	function reason(code, since) {
		if (!code.valid || code.value === 0) return ""
		return [of(reasons, code), root.since(since.value)].filter(part => part !== "").join(", ")
	}

	// Of one of several things of the same kind; undefined when it is not there.
	function part(thing, name) { return thing ? thing[name] : undefined }

	function number(value, decimals, unit) {
		return typeof value === "number" ? value.toFixed(decimals) + " " + unit : "--"
	}

	// Texts of others must not be taken for markup.
	function plain(value) { return value === undefined || value === null ? "" : String(value).replace(/</g, "\u2039") }

	// "C7", or "U2C7" where several units share the cells; index from 0.
	function cellName(index, cells, units) {
		const each = units > 1 ? Math.floor(cells / units) : 0
		return each > 0 ? "U" + (Math.floor(index / each) + 1) + "C" + (index % each + 1) : "C" + (index + 1)
	}

	// "HighCellVoltage:2:2:7" in words; "value": what belongs to it, such as "C7 3.652 V", in place of the number.
	function alarm(code, value) {
		const part = code.split(":")
		let said = levels[part[1]] || ""
		if (causes[part[2]] && causes[part[2]] !== alarmText(part[0])) said += " · " + causes[part[2]]
		if (value) said += " · " + value
		//: %1: number of a cell, a sensor or another part of a battery
		//% "no. %1"
		else if (Number(part[3]) > 0) said += " · " + qsTrId("dbusbms_number").arg(part[3])
		return alarmText(part[0]) + ": " + said
	}

	//: %1: date and time
	//% "since %1"
	function since(seconds) { return seconds > 0 ? qsTrId("dbusbms_since").arg(date(seconds)) : "" }

	function date(seconds) {
		return seconds > 0 ? Qt.formatDateTime(new Date(seconds * 1000), Qt.locale(), Locale.ShortFormat) : "--"
	}
}
