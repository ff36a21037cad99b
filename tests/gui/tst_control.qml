import QtQuick
import QtTest
import Victron.VenusOS

Item {
	id: top
	width: 800
	height: 480

	PageCase {
		name: "PageControl"

		function shown() {
			sample.battery(16)
			open("PageControl")
		}
		// Everything that waits for an answer, and for how long.
		function waiting() {
			const found = []
			for (const item of [shownPage].concat(all(shownPage, () => true)))
				for (let i = 0; i < item.resources.length; ++i)
					if (item.resources[i].wish !== undefined && item.resources[i].running) found.push(item.resources[i])
			return found
		}
		function waits() { return waiting().map(wish => wish.interval) }

		// The wait is over.
		function answerTime() {
			for (const wish of waiting()) {
				wish.stop()
				wish.triggered()
			}
		}

		function test_switches_data() {
			return [{ tag: "charging", text: "Charging allowed", path: "/Settings/ChargeBlocked" },
				{ tag: "discharging", text: "Discharging allowed", path: "/Settings/DischargeBlocked", asks: true }]
		}
		function test_switches(data) {
			shown()
			const uid = sample.uid + data.path
			compare(row(data.text).shown, "[on]")
			row(data.text).click()
			if (data.asks) {
				compare(Bus.written, [], "it asks first")
				compare(row(data.text).caption, "Sure? Press again")
				row(data.text).click()
			}
			compare(lastWritten(), [uid, 1])
			compare(row(data.text).shown, "[off]")
			row(data.text).click()
			compare(lastWritten(), [uid, 0])
			answerTime()
			compare(Global.toasts, [])
		}
		function test_a_switch_that_is_refused(data) {
			sample.battery(16)
			sample.publish({ "/Settings/ChargeBlocked": 1 })
			Bus.limits[sample.uid + "/Settings/ChargeBlocked"] = [1, 1]
			Bus.refused = [sample.uid + "/Settings/ChargeBlocked"]
			open("PageControl")
			compare(row("Charging allowed").caption, "Switched off in config.ini, so it cannot be switched on here")
			row("Charging allowed").click()
			compare(lastWritten(), [sample.uid + "/Settings/ChargeBlocked", 0])
			compare(Global.toasts, [])
			answerTime()
			compare(Global.toasts.length, 1)
			picture("refused")
		}

		function test_numbers_data() {
			return [{ tag: "charge", text: "Highest charge current", path: "/Settings/MaxChargeCurrent", was: "[33A]", wish: 20, now: "[20A]", range: "0 to 50A, config.ini: 50A" },
				{ tag: "discharge", text: "Highest discharge current", path: "/Settings/MaxDischargeCurrent", was: "[60A]", wish: 40, now: "[40A]", range: "0 to 60A, config.ini: 60A" },
				{ tag: "absorption", text: "Voltage of a full cell (absorption)", path: "/Settings/AbsorptionCellVoltage", was: "[3.450V]", wish: 3.4, now: "[3.400V]", range: "3.278 to 3.450V, config.ini: 3.450V" },
				{ tag: "float", text: "Voltage of a cell that is kept full (float)", path: "/Settings/FloatCellVoltage", was: "[3.375V]", wish: 3.3, now: "[3.300V]", range: "3.207 to 3.375V, config.ini: 3.375V" },
				{ tag: "days", text: "Days between balancing charges", path: "/Settings/FullChargeDays", was: "[30]", wish: 14, now: "[14]", range: "0 to 365, config.ini: 30" },
				{ tag: "soc", text: "The state of charge is", path: "/Settings/Soc", was: "[82%]", wish: 100, now: "[100%]", range: "0 to 100%" }]
		}
		function test_numbers(data) {
			shown()
			const each = row(data.text)
			compare(each.shown, data.was)
			const [help, range] = each.caption.split("\n")
			verify(help.length > 10, help)
			compare(range, data.range)
			compare([each.from, each.to], Bus.limits[sample.uid + data.path].slice(0, 2))
			each.accept(data.wish)
			compare(lastWritten(), [sample.uid + data.path, data.wish])
			compare(each.shown, data.now)
			answerTime()
			compare(Global.toasts, [])
		}
		function test_numbers_that_are_refused_data() { return test_numbers_data() }
		function test_numbers_that_are_refused(data) {
			shown()
			Bus.refused = [sample.uid + data.path]
			row(data.text).accept(data.wish)
			answerTime()
			compare(Global.toasts.length, 1)
			compare(row(data.text).shown, data.was)
		}

		function test_who_counts() {
			shown()
			const group = row("Who counts the state of charge")
			compare(group.secondaryText, "The BMS")
			compare(group.optionModel.length, 2)
			group.choose(1)
			compare(lastWritten(), [sample.uid + "/Settings/SocSource", 1])
			answerTime()
			compare(Global.toasts, [])
			Bus.refused = [sample.uid + "/Settings/SocSource"]
			group.choose(0)
			answerTime()
			compare(Global.toasts.length, 1)
			Bus.limits[sample.uid + "/Settings/SocSource"] = [0, 2]
			Bus.changed(sample.uid + "/Settings/SocSource")
			compare(group.optionModel.length, 3)
		}
		// As an order waits for its turn on the line; and meanwhile it counts on.
		function test_a_soc_that_the_bms_takes() {
			shown()
			row("The state of charge is").accept(60)
			compare(waits(), [40000])
			sample.publish({ "/Info/LastOrderOutcome": "waiting", "/Settings/Soc": 82 })
			answerTime()
			compare(Global.toasts, [])
			compare(waits(), [40000], "it waits on")
			sample.publish({ "/Info/LastOrderOutcome": "done", "/Settings/Soc": 59.6 })
			answerTime()
			compare(Global.toasts, [])
		}
		function test_a_soc_that_the_driver_counts() {
			shown()
			sample.publish({ "/Settings/SocSource": 1 })
			row("The state of charge is").accept(60)
			compare(waits(), [4000])
		}
		function test_a_soc_that_cannot_be_set() {
			shown()
			Bus.set(sample.uid + "/Settings/Soc", undefined)
			compare(row("The state of charge is").caption.indexOf("Cannot be set"), 0)
		}

		function test_switches_of_the_bms_data() {
			return [{ tag: "charge", text: "Charge switch of the BMS", path: "/Settings/ForceChargingOff" },
				{ tag: "discharge", text: "Discharge switch of the BMS", path: "/Settings/ForceDischargingOff" },
				{ tag: "balancer", text: "Balancer of the BMS", path: "/Settings/TurnBalancingOff" }]
		}
		function test_switches_of_the_bms(data) {
			shown()
			verify(hidden(data.text), "where nothing permits it")
			Bus.set(sample.uid + data.path, 0)
			const button = row(data.text)
			compare(button.shown, "[Switch off]")
			button.click()
			compare(Bus.written, [], "it asks first")
			compare(button.shown, "[Sure? Press again]")
			button.click()
			compare(lastWritten(), [sample.uid + data.path, 1])
			compare(button.shown, "[Switch on]")
			sample.publish({ "/Info/LastOrder": "charge FET <b>off</b>", "/Info/LastOrderOutcome": "not done: refused" })
			const said = all(row("What the BMS was told last, and what became of it"), item => item.textFormat === Text.PlainText)
			verify(said.some(item => item.text === "charge FET <b>off</b>: not done: refused"))
			answerTime()
			compare(Global.toasts, [])
			Bus.refused = [sample.uid + data.path]
			button.click()
			button.click()
			compare(lastWritten(), [sample.uid + data.path, 0])
			answerTime()
			compare(Global.toasts.length, 1)
			picture("switches", 2000)
		}

		function test_an_order_takes_its_time() {
			shown()
			const uids = ["/Settings/ForceChargingOff", "/Settings/TurnBalancingOff"].map(path => sample.uid + path)
			for (const uid of uids) Bus.set(uid, 0)
			Bus.refused = uids
			sample.publish({ "/Info/LastOrder": "balancer off", "/Info/LastOrderOutcome": "waiting" })
			for (const text of ["Charge switch of the BMS", "Balancer of the BMS"]) {
				row(text).click()
				row(text).click()
			}
			compare(Bus.written, uids.map(uid => [uid, 1]))
			compare(waits(), [40000, 40000])
			answerTime()
			compare(Global.toasts, [], "nobody has refused it yet")
			compare(waits(), [40000, 40000])
			sample.publish({ "/Info/LastOrderOutcome": "not done: refused" })
			compare(Global.toasts.length, 2, "at once, and neither of them is forgotten for the other")
			compare(waits(), [])
		}
		function test_an_order_of_which_nothing_is_known() {
			shown()
			const uid = sample.uid + "/Settings/TurnBalancingOff"
			Bus.set(uid, undefined)
			Bus.refused = [uid]
			const button = row("Balancer of the BMS")
			button.click()
			button.click()
			compare(lastWritten(), [uid, 1], "it is not known before its first order")
			sample.publish({ "/Info/LastOrderOutcome": "unconfirmed: no answer" })
			answerTime()
			compare(Global.toasts, [])
		}
		function test_each_wish_is_watched() {
			shown()
			const uids = ["/Settings/SocSource", "/Settings/Bluetooth/Release"].map(path => sample.uid + path)
			Bus.set(uids[1], 0)
			Bus.refused = uids
			row("Who counts the state of charge").choose(1)
			row("Leave the BMS to a phone").click()
			row("Leave the BMS to a phone").click()
			answerTime()
			compare(Global.toasts.length, 2)
		}

		function test_a_phone_may_have_the_board() {
			shown()
			verify(hidden("Leave the BMS to a phone"), "it has a cable")
			const uid = sample.uid + "/Settings/Bluetooth/Release"
			Bus.set(uid, 0)
			const button = row("Leave the BMS to a phone")
			compare(button.shown, "[For 10 minutes]")
			button.click()
			compare(Bus.written, [])
			button.click()
			compare(lastWritten(), [uid, 10])
			compare(button.shown, "[Take it back, 10 min left]")
			answerTime()
			compare(Global.toasts, [])
			Bus.refused = [uid]
			button.click()
			button.click()
			compare(lastWritten(), [uid, 0])
			answerTime()
			compare(Global.toasts.length, 1)
		}

		function test_controls_of_a_lost_battery() {
			sample.battery(16)
			sample.publish({ "/Settings/ForceChargingOff": 0, "/Settings/ForceDischargingOff": 0, "/Settings/TurnBalancingOff": 1 })
			open("PageControl")
			sample.lose()
			sample.publish({ "/Settings/TurnBalancingOff": undefined })
			for (const text of ["Charge switch of the BMS", "Discharge switch of the BMS", "Balancer of the BMS"]) {
				row(text).click()
				row(text).click()
			}
			compare(Bus.written, [])
			row("Charging allowed").click()
			compare(lastWritten(), [sample.uid + "/Settings/ChargeBlocked", 1])
		}

		function test_a_bank_counts_no_state_of_charge() {
			sample.battery(16)
			Bus.limits[sample.uid + "/Settings/SocSource"] = [0, 0]
			open("PageControl")
			verify(hidden("Who counts the state of charge"))
		}

		function test_no_text_is_broken() {
			shown()
			compare(texts().filter(text => /undefined|NaN|dbusbms|%\d/.test(text)), [])
			picture("control")
		}
		function test_nothing_is_known() {
			open("PageControl")
			for (const text of ["Charging allowed", "Highest charge current"]) verify(hidden(text), "it would show off or 0 A: " + text)
			compare(texts().filter(text => /undefined|NaN|dbusbms|%\d/.test(text)), [])
		}
	}
}
