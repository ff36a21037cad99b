import QtQuick
import Victron.VenusOS

// Events that nobody has seen yet, and a button that says that somebody has.
ListButton {
	id: root

	required property string uid

	//% "Events that nobody has acknowledged"
	text: qsTrId("dbusbms_battery_alerts")
	//: on a button; %1: number of events
	//% "Acknowledge %1"
	secondaryText: qsTrId("dbusbms_battery_acknowledge").arg(alerts.valid ? alerts.value : 0)
	writeAccessLevel: VenusOS.User_AccessType_User
	preferredVisible: alerts.valid && alerts.value > 0
	onClicked: {
		acknowledge.setValue(1)
		wish.watch(alerts, 0)
	}

	VeQuickItem { id: alerts; uid: root.uid + "/CellMonitor/Alerts/Count" }
	VeQuickItem { id: acknowledge; uid: root.uid + "/CellMonitor/Alerts/Acknowledge" }
	DbusBms_Wish { id: wish }
}
