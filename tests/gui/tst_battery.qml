import QtQuick
import QtTest
import Victron.VenusOS

Item {
	id: top
	width: 800
	height: 480

	PageCase {
		name: "PageBattery"

		function test_what_it_does_and_why() {
			sample.battery(16)
			open("PageBattery")
			compare(row("State").shown, "Bulk: charging with all that is allowed")
			compare(row("Now").shown, "82% | 53.28V | 22.4A")
			compare(row("Charging allowed up to").shown, "12.5A | 55.20V")
			compare(rows("Because of").map(item => item.shown), ["Highest cell: C10, 3.352 V", "Configured maximum"])
			compare(row("Discharging allowed up to").shown, "60.0A")
			compare(row("Alarms").shown, "None")
			verify(row("State").caption.startsWith("since ") && row("State").caption.indexOf("25") > 0, row("State").caption)
			compare(rows("Because of").map(item => item.caption.startsWith("since ")), [true, false])
			compare(rows("Because of")[1].caption, "")
			compare(row("Questions that the BMS left unanswered").shown, "0 %")
			compare(row("Charged, discharged").shown, "1820.5kWh | 1711.2kWh")
			compare(row("Last full charge").shown, "3.5 days ago")
			verify(row("Last full charge").caption.length > 5)
			compare(row("Weakest cell").shown, "C4 23 mV")
			for (const text of ["No contact with the BMS", "Packs of this bank", "To be put right", "Bluetooth connection", "Latest event"])
				verify(rows(text).every(item => !item.preferredVisible), text)
			picture("battery")
			picture("battery-cells", 330)
			picture("battery-more", 2000)
		}

		function test_every_reason_data() {
			const data = []
			for (let code = 0; code <= 20; ++code) data.push({ tag: "code " + code, code: code })
			return data
		}
		function test_every_reason(data) {
			sample.battery(16)
			sample.publish({ "/Info/ChargeLimitationCode": data.code, "/Info/DischargeLimitationCode": 0 })
			open("PageBattery")
			if (data.code === 0) return verify(hidden("Because of"))
			const said = row("Because of").shown
			verify(said.length > 3 && said !== "--" && said.indexOf("dbusbms") < 0, said)
		}
		function test_a_silent_sensor_is_not_shown_with_what_others_say() {
			sample.battery(16)
			sample.publish({ "/Info/ChargeLimitationCode": 11, "/Info/DischargeLimitationCode": 0, "/Info/ChargeLimitation": "temperature 5.0 °C, by a sensor that is silent now" })
			open("PageBattery")
			compare(row("Because of").shown, "Temperature: a sensor that is silent now")
			sample.publish({ "/Info/ChargeLimitation": "temperature 5.0 °C" })
			compare(row("Because of").shown, "Temperature: 18 °C – 21 °C")
		}

		function test_a_reason_of_a_later_version() {
			sample.battery(16)
			sample.publish({ "/Info/ChargeLimitationCode": 99, "/Info/DischargeLimitationCode": 0, "/Info/AlarmCodes": "NewAlarm:2:77:0" })
			open("PageBattery")
			compare(row("Because of").shown, "--")
			compare(row("Alarms").shown, "NewAlarm: alarm")
		}

		function test_alarms_in_words() {
			sample.battery(16)
			sample.publish({ "/Info/AlarmCodes": "HighCellVoltage:2:2:7;CellImbalance:1:9:0",
				"/Info/AlarmsSince": "1764430000;0", "/Diagnostics/LastErrors/1/Error": 13,
				"/Diagnostics/LastErrors/1/Time": 1764430000, "/Info/ConfigurationFault": "config.ini:12: <b>nonsense</b>" })
			open("PageBattery")
			const lines = row("Alarms").shown.split("\n")
			verify(lines[0].startsWith("Cell voltage high: alarm · Cell voltage · C7 3.338 V, since "), lines[0])
			compare(lines[1], "Cells apart: warning · 41 mV")
			verify(row("Last error that stopped the battery").shown.startsWith("#13 Cell voltage high / Pack voltage high, "))
			const fault = all(row("To be put right"), item => item.text === "config.ini:12: <b>nonsense</b>")
			compare(fault.length, 1)
			compare(fault[0].textFormat, Text.PlainText)
			picture("battery-alarm")
		}

		function test_an_error_of_a_later_version() {
			sample.battery(16)
			sample.publish({ "/Diagnostics/LastErrors/1/Error": 99 })
			open("PageBattery")
			verify(row("Last error that stopped the battery").shown.startsWith("#99, "))
		}

		function test_what_belongs_to_an_alarm_data() {
			return [["HighCellVoltage:2:1:0", "C10 3.352 V"], ["LowCellVoltage:1:2:3", "C3 3.349 V"], ["LowCellVoltage:1:2:0", "C1 3.311 V"],
				["HighTemperature:1:1:2", "T2 21 °C"], ["LowChargeTemperature:1:6:0", "18 °C"], ["HighChargeTemperature:1:6:0", "21 °C"],
				["HighInternalTemperature:2:7:0", "31 °C"], ["HighVoltage:1:4:0", "53.28 V"], ["LowVoltage:1:4:0", "53.28 V"],
				["HighChargeCurrent:1:8:0", "22.4 A"], ["LowSoc:1:5:0", "82 %"], ["HighTemperature:1:1:9", "no. 9"],
				["FuseBlown:2:1:0", "The BMS says so"]].map(each => ({ tag: each[0], code: each[0], value: each[1] }))
		}
		function test_what_belongs_to_an_alarm(data) {
			sample.battery(16)
			sample.publish({ "/Info/AlarmCodes": data.code, "/Info/AlarmsSince": "0" })
			open("PageBattery")
			verify(row("Alarms").shown.endsWith(" · " + data.value), row("Alarms").shown)
		}

		function test_a_value_that_is_not_known_is_left_out_data() {
			return [["HighInternalTemperature:2:1:0", "BMS too hot: alarm · The BMS says so"],
				["LowCellVoltage:1:2:3", "Cell voltage low: warning · Cell voltage · no. 3"],
				["LowCellVoltage:1:2:0", "Cell voltage low: warning · Cell voltage"],
				["HighTemperature:1:1:2", "Too hot: warning · The BMS says so · no. 2"],
				["LowSoc:1:1:0", "Battery nearly empty: warning · The BMS says so"],
				["HighVoltage:1:4:0", "Pack voltage high: warning · Voltage of the pack"]]
				.map(each => ({ tag: each[0], code: each[0], said: each[1] }))
		}
		function test_a_value_that_is_not_known_is_left_out(data) {
			sample.battery(16)
			sample.lose()
			sample.publish({ "/Soc": undefined, "/Info/AlarmCodes": data.code })
			open("PageBattery")
			compare(row("Alarms").shown, data.said)
		}
		function test_texts_of_others_are_no_markup() {
			sample.battery(16)
			sample.publish({ "/CellMonitor/WeakestCell": "<b>C4</b> 23 mV", "/CellMonitor/StrongestCell": "<b>C1",
				"/CellMonitor/Alerts/LatestCode": "0:0:0:75:1:0:1764430000:<b>2" })
			open("PageBattery")
			compare(row("Weakest cell").shown, "\u2039b>C4\u2039/b> 23 mV")
			compare(row("Strongest cell").shown, "\u2039b>C1")
			compare(row("Latest event").shown, "Cells apart: note, B\u2039b>2, 75 mV")
		}

		function test_cells_data() { return [0, 1, 4, 16, 24, 32].map(count => ({ tag: count + " cells", count: count })) }
		function test_cells(data) {
			sample.battery(data.count)
			open("PageBattery")
			const cells = all(shownPage, item => item.count !== undefined && item.selected !== undefined)[0]
			compare(cells.preferredVisible, data.count > 0)
			compare(rows("No cell voltages are known now")[0].preferredVisible, data.count === 0)
			compare(all(cells, item => item.offMv !== undefined).length, data.count)
			compare(cells.columns, Math.max(1, data.count))
			picture("cells-" + data.count, 330)
		}
		function test_a_tap_on_a_cell() {
			sample.battery(16)
			open("PageBattery")
			const cells = all(shownPage, item => item.count !== undefined && item.selected !== undefined)[0]
			const detail = all(cells, item => item.objectName === "detail")[0]
			verify(!detail.visible)
			const bars = all(cells, item => item.offMv !== undefined)
			all(bars[9], item => item.clicked !== undefined)[0].clicked(null)
			compare(detail.text, "C10: 3.352 V, +21 mV from the mean, balancing")
			Bus.set(sample.uid + "/Voltages/Cell10", undefined)
			verify(detail.text.startsWith("C10: --"))
			const other = all(bars[2], item => item.clicked !== undefined)[0]
			other.clicked(null)
			compare(detail.text, "C3: 3.349 V, +18 mV from the mean")
			other.clicked(null)
			verify(!detail.visible)
		}
		function test_units_share_the_cells() {
			sample.battery(8)
			sample.publish({ "/System/NrOfModulesOnline": 2, "/System/MinVoltageCellId": "U1C1", "/System/MaxVoltageCellId": "U2C4" })
			open("PageBattery")
			const cells = all(shownPage, item => item.count !== undefined && item.selected !== undefined)[0]
			compare(all(cells, item => item.offMv !== undefined).filter(item => item.extreme).map(item => item.name), ["U1C1", "U2C4"])
		}
		function test_portrait_breaks_many_cells() {
			Theme.screenSize = Theme.Portrait
			sample.battery(32)
			open("PageBattery", 390, 800)
			const cells = all(shownPage, item => item.count !== undefined && item.selected !== undefined)[0]
			compare(cells.columns, 16)
			picture("portrait")
			picture("portrait-cells", 480)
		}
		function test_light() {
			Theme.dark = false
			sample.battery(16)
			open("PageBattery")
			picture("light", 330)
		}

		function test_trend() {
			sample.battery(16)
			open("PageBattery")
			const trend = all(shownPage, item => item.usual !== undefined)[0]
			compare(trend.points.length, 96)
			compare(trend.known.length, 91)
			compare(trend.usual, 4)
			const said = all(trend, item => item.objectName === "usual")[0].text
			verify(said.startsWith("Cell 4 in 72 of 91 half hours"), said)
			Bus.set(sample.uid + "/CellMonitor/Trend", undefined)
			verify(!trend.preferredVisible)
			for (const nonsense of ["", ",,,", "x", "1:2:3"]) {
				Bus.set(sample.uid + "/CellMonitor/Trend", nonsense)
				verify(!trend.preferredVisible, nonsense)
			}
		}

		function test_a_lost_battery() {
			sample.battery(16)
			sample.lose()
			open("PageBattery")
			verify(row("No contact with the BMS").caption.length > 0)
			compare(row("Now").shown, "82% | --V | --A")
			compare(rows("Because of").map(item => item.shown), ["The BMS does not answer", "The BMS does not answer"])
			compare(row("Alarms").shown, "No contact with the BMS: alarm · The BMS does not answer")
			verify(row("No cell voltages are known now"))
			verify(row("Weakest cell"), "what the days have shown stays")
			picture("lost")
		}
		function test_lost_while_the_page_is_open_and_back() {
			sample.battery(16)
			open("PageBattery")
			const cells = all(shownPage, item => item.count !== undefined && item.selected !== undefined)[0]
			sample.lose()
			verify(!cells.preferredVisible)
			sample.battery(16)
			sample.publish({ "/State": 14, "/Info/ChargeLimitationCode": 15, "/Info/MaxChargeCurrent": 2.5 })
			verify(cells.preferredVisible)
			verify(row("The BMS answers again"))
			compare(rows("Because of")[0].shown, "Rising slowly to what is allowed")
			picture("returning")
		}
		function test_nothing_is_known() {
			open("PageBattery")
			compare(row("State").shown, "--")
			compare(row("Now").shown, "--% | --V | --A")
			compare(row("Last full charge").shown, "Not seen yet")
			verify(row("No cell voltages are known now"))
			compare(texts().filter(text => /undefined|NaN|dbusbms/.test(text)), [])
		}
		function test_a_state_that_is_not_known_is_so_since_no_time() {
			sample.battery(16)
			sample.publish({ "/Info/ChargeState": undefined })
			open("PageBattery")
			compare(row("State").shown, "--")
			compare(row("State").caption, "")
		}
		function test_no_text_is_broken() {
			sample.battery(16)
			open("PageBattery")
			compare(texts().filter(text => /undefined|NaN|dbusbms|%\d/.test(text)), [])
		}

		function test_events_are_acknowledged() {
			sample.battery(16)
			sample.publish({ "/CellMonitor/Alerts/Count": 2, "/CellMonitor/Alerts/LatestCode": "1:1:4:2871:1:0:1764430000" })
			Bus.actions = [sample.uid + "/CellMonitor/Alerts/Acknowledge"]
			open("PageBattery")
			compare(row("Latest event").shown, "Cell voltage low: warning, C4, 2871 mV")
			verify(row("Latest event").caption.startsWith("since "))
			const button = row("Events that nobody has acknowledged")
			compare(button.shown, "[Acknowledge 2]")
			button.click()
			compare(lastWritten(), [sample.uid + "/CellMonitor/Alerts/Acknowledge", 1])
			Bus.set(sample.uid + "/CellMonitor/Alerts/Count", 0)
			verify(!button.preferredVisible)
			Bus.set(sample.uid + "/CellMonitor/Alerts/LatestCode", "0:0:0:0:0:1:0")
			compare(row("Latest event").shown, "Cells apart: note")
			compare(row("Latest event").caption, "over; it began --")
			// Of a bank the pack comes last.
			Bus.set(sample.uid + "/CellMonitor/Alerts/LatestCode", "1:1:4:2871:1:0:1764430000:2")
			compare(row("Latest event").shown, "Cell voltage low: warning, B2C4, 2871 mV")
			Bus.set(sample.uid + "/CellMonitor/Alerts/LatestCode", "0:0:0:75:1:0:1764430000:2")
			compare(row("Latest event").shown, "Cells apart: note, B2, 75 mV")
		}
		function test_the_way_on() {
			sample.battery(16)
			open("PageBattery")
			row("Limits and switches").click()
			compare(Global.pushed[0][0], "qrc:/DbusBms/DbusBms_PageControl.qml")
			verify(Global.pushed[0][1].device === device)
		}
		function test_a_connection_without_a_cable() {
			sample.battery(16)
			sample.publish({ "/Info/Link/LossesPerDay": 3, "/Info/Link/LongestGap": 12.4, "/Info/Link/Trouble": "every minute" })
			open("PageBattery")
			compare(row("Bluetooth connection").shown, "lost 3 times in 24 hours, longest gap 12 s")
			verify(row("What ends the connection"))
		}
		function test_opening_writes_nothing() {
			sample.battery(16)
			for (const page of ["PageBattery", "PageControl", "PageBank", "PageSettings"]) {
				open(page)
				close()
			}
			compare(Bus.written, [])
		}
	}
}
