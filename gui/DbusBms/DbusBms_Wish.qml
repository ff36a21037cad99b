import QtQuick
import Victron.VenusOS

// Watches what became of something that was written, and says so when it was refused.
Timer {
	id: root

	property var item
	property var wish
	property bool waiting  // whoever is to do it has not come to it yet

	function watch(item, wish) {
		root.item = item
		root.wish = wish
		restart()
	}

	interval: 4000
	onTriggered: {
		if (waiting) return restart()
		if (!item.valid) return  // nobody knows

		const same = typeof item.value === "number" ? Math.abs(item.value - Number(wish)) < 0.01 : item.value === wish
		if (!same) {
			//% "Refused by the driver: outside what is configured or possible now"
			Global.showToastNotification(VenusOS.Notification_Info, qsTrId("dbusbms_refused"), 15000)
		}
	}
}
