import QtQuick
import Victron.VenusOS

// What happened to the cells last.
ListText {
	id: root

	required property string uid
	property int cells
	property int units: 1
	readonly property var event: latest.valid ? String(latest.value).split(":") : []

	//% "Latest event"
	text: qsTrId("dbusbms_battery_event")
	secondaryText: event.length < 7 ? "" : (words.events[event[0]] || "") + ": " + (words.levels[event[1]] || "")
			+ (event.length > 7 ? ", B" + words.plain(event[7]) + (event[2] > 0 ? "C" + event[2] : "")
				: event[2] > 0 ? ", " + words.cellName(event[2] - 1, cells, units) : "")
			+ (event[3] > 0 ? ", " + event[3] + " mV" : "")
	caption: event.length < 7 ? "" : event[4] === "1" ? words.since(event[6])
			//: %1: date and time
			//% "over; it began %1"
			: qsTrId("dbusbms_began").arg(words.date(event[6]))
	preferredVisible: event.length >= 7

	DbusBms_Words { id: words }
	VeQuickItem { id: latest; uid: root.uid + "/CellMonitor/Alerts/LatestCode" }
}
