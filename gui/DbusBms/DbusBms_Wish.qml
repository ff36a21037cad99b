import QtQuick
import Victron.VenusOS

// Watches what became of something that was written, and says so when it was refused.
Timer {
	id: root

	property var item
	property var wish
	property real tolerance: 0.01
	property VeQuickItem outcome: null  // of the order that was given last, where the BMS itself is to do it

	function watch(item, wish) {
		root.item = item
		root.wish = wish
		restart()
	}

	// The driver gives an order up that has waited for 30 s.
	interval: outcome ? 40000 : 4000

	readonly property string told: outcome && outcome.valid ? String(outcome.value) : ""
	onToldChanged: {
		if (!running || !told.startsWith("not done")) return
		stop()
		triggered()
	}

	onTriggered: {
		if (outcome && outcome.value === "waiting") return restart()
		if (!item.valid) return  // nobody knows

		const same = typeof item.value === "number" ? Math.abs(item.value - Number(wish)) < tolerance : item.value === wish
		if (!same) {
			//% "The BMS has not done it; what it was told last says why"
			const undone = outcome ? qsTrId("dbusbms_not_done")
					//% "Refused by the driver: outside what is configured or possible now"
					: qsTrId("dbusbms_refused")
			Global.showToastNotification(VenusOS.Notification_Info, undone, 15000)
		}
	}
}
