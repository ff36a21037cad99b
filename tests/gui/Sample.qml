import QtQuick
import Victron.VenusOS

// What batteries of the driver publish.
QtObject {
	readonly property string uid: "dbus/com.victronenergy.battery.ttyUSB0"

	function publish(values, at) { for (const path in values) Bus.set((at || uid) + path, values[path]) }

	// A battery that charges, with so many cells.
	function battery(cells, at) {
		const voltages = []
		for (let i = 0; i < cells; ++i) voltages.push(3.311 + 0.041 * ((i * 7) % cells) / Math.max(1, cells - 1))
		const lowest = voltages.indexOf(Math.min(...voltages))
		const highest = voltages.indexOf(Math.max(...voltages))
		const some = cells > 0
		publish({
			"/State": 9, "/Soc": 81.5, "/Dc/0/Current": 22.4, "/Dc/0/Voltage": some ? 3.33 * cells : 53.2, "/ProductId": 0xBAB5,
			"/Mgmt/Connection": "/dev/ttyUSB0", "/Mgmt/ProcessVersion": "0.2.0",
			"/System/NrOfCellsPerBattery": cells, "/System/NrOfBatteries": 1, "/System/NrOfModulesOnline": 1, "/System/NrOfModulesOffline": 0,
			"/System/MinCellVoltage": some ? voltages[lowest] : undefined, "/System/MaxCellVoltage": some ? voltages[highest] : undefined,
			"/System/MinVoltageCellId": some ? "C" + (lowest + 1) : undefined, "/System/MaxVoltageCellId": some ? "C" + (highest + 1) : undefined,
			"/Voltages/Sum": some ? voltages.reduce((sum, v) => sum + v, 0) : undefined, "/Voltages/Diff": some ? 0.041 : undefined,
			"/System/MinCellTemperature": 18, "/System/MaxCellTemperature": 21, "/System/Temperature1": 18, "/System/Temperature2": 21,
			"/System/MOSTemperature": 31,
			"/Info/ChargeState": 0, "/Info/ChargeLimitationCode": 9, "/Info/DischargeLimitationCode": 1, "/Info/MaxChargeCurrent": 12.5,
			"/Info/MaxDischargeCurrent": 60, "/Info/MaxChargeVoltage": 55.2, "/Info/AlarmCodes": "", "/Info/AlarmsSince": "", "/Info/ConfigurationFault": "",
			"/Info/ChargeStateSince": 1764430000, "/Info/ChargeLimitationSince": 1764433600, "/Info/DischargeLimitationSince": undefined,
			"/Info/Link/FailedPolls": 0,
			"/History/ChargedEnergy": 1820.5, "/History/DischargedEnergy": 1711.2, "/History/ChargeCycles": 132,
			"/History/TimeSinceLastFullCharge": 3.5 * 86400,
			"/CellMonitor/WeakestCell": some ? "C4 23 mV" : undefined, "/CellMonitor/StrongestCell": some ? "C1 -11 mV" : undefined,
			"/CellMonitor/Statistics/MaxSpread": some ? 0.064 : undefined, "/CellMonitor/Trend": some ? trend() : undefined,
			"/CellMonitor/Alerts/Count": 0, "/CellMonitor/Alerts/Acknowledge": 0,
			"/Settings/ChargeBlocked": 0, "/Settings/DischargeBlocked": 0, "/Settings/MaxChargeCurrent": 33, "/Settings/MaxDischargeCurrent": 60,
			"/Settings/AbsorptionCellVoltage": 3.45, "/Settings/FloatCellVoltage": 3.375, "/Settings/FullChargeDays": 30,
			"/Settings/SocSource": 0, "/Settings/Soc": 81.5
		}, at)
		for (let i = 0; i < cells; ++i) {
			const path = (at || uid)
			Bus.set(path + "/Voltages/Cell" + (i + 1), voltages[i])
			Bus.set(path + "/Balances/Cell" + (i + 1), i === highest ? 1 : 0)
		}
		const range = (path, least, most, usual) => {
			Bus.limits[(at || uid) + path] = [least, most, usual]
			Bus.changed((at || uid) + path)
		}
		range("/Settings/ChargeBlocked", 0, 1)
		range("/Settings/DischargeBlocked", 0, 1)
		range("/Settings/MaxChargeCurrent", 0, 50, 50)
		range("/Settings/MaxDischargeCurrent", 0, 60, 60)
		range("/Settings/AbsorptionCellVoltage", 3.278, 3.45, 3.45)
		range("/Settings/FloatCellVoltage", 3.207, 3.375, 3.375)
		range("/Settings/FullChargeDays", 0, 365, 30)
		range("/Settings/SocSource", 0, 1)
		range("/Settings/Soc", 0, 100, 100)
	}

	// Two days in which cell 4 is nearly always the lowest; some hours were not seen.
	function trend() {
		const points = []
		for (let i = 0; i < 96; ++i) points.push(i > 30 && i < 36 ? "" : (i % 5 === 0 ? 9 : 4) + ":" + Math.round(8 + 15 * Math.abs(Math.sin(i / 15))))
		return points.join(",")
	}

	function lose(contact, at) {
		const gone = ["/Dc/0/Current", "/Dc/0/Voltage", "/System/MinCellVoltage", "/System/MaxCellVoltage", "/System/MinVoltageCellId",
			"/System/MaxVoltageCellId", "/Voltages/Sum", "/Voltages/Diff", "/System/MinCellTemperature", "/System/MaxCellTemperature",
			"/System/Temperature1", "/System/Temperature2", "/System/MOSTemperature", "/Settings/Soc", "/Settings/ForceChargingOff",
			"/Settings/ForceDischargingOff"]
		const path = at || uid
		for (const each of gone) if (path + each in Bus.values) Bus.set(path + each, undefined)
		for (let i = 1; path + "/Voltages/Cell" + i in Bus.values; ++i) Bus.set(path + "/Voltages/Cell" + i, undefined)
		publish({ "/State": 10, "/Info/ChargeState": 5, "/Info/ChargeLimitationCode": 16, "/Info/DischargeLimitationCode": 16,
			"/Info/MaxChargeCurrent": 0, "/Info/MaxDischargeCurrent": 0, "/Info/AlarmCodes": "BmsCable:2:15:0", "/Info/AlarmsSince": "0" }, at)
	}

	function bank(packs) {
		battery(16)
		publish({ "/System/NrOfBatteries": packs, "/System/NrOfModulesOnline": packs - 1, "/System/NrOfModulesOffline": 1,
			"/Bank/LowestCell": "<b>House 2</b>, cell 4",
			"/Bank/HighestCell": "House 1, cell 7" })
		for (let i = 1; i <= packs; ++i) {
			const lost = i === packs
			publish({ "/Name": i === 2 ? "<b>House 2</b>" : "House " + i, "/Soc": lost ? undefined : 80 + i, "/Voltage": lost ? undefined : 53.2,
				"/Current": lost ? undefined : 10 * i, "/ChargeLimit": lost ? undefined : 40,
				"/DischargeLimit": lost ? undefined : 60, "/Standing": lost ? "silent" : "in use" },
				uid + "/Battery/" + i)
			Bus.set(uid + "/Settings/Exclude/" + i, 0)
		}
	}
}
