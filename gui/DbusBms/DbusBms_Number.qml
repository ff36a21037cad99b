import QtQuick
import Victron.VenusOS

// A number that may be changed within the driver's range, which stands below it with what it does.
ListSpinBox {
	id: root

	property string help

	readonly property var configured: dataItem.defaultValue

	property alias outcome: wish.outcome
	property alias tolerance: wish.tolerance

	// The web does not hear of what is configured.
	property bool hasDefault: true

	caption: {
		if (isNaN(dataItem.max)) return help
		//: %1 and %2: ends of a range, with its unit behind the second one
		//% "%1 to %2"
		const range = qsTrId("dbusbms_range").arg(dataItem.min.toFixed(decimals)).arg(dataItem.max.toFixed(decimals) + suffix)
		//: %1: what config.ini says, with its unit
		//% "config.ini: %1"
		const usual = hasDefault && typeof configured === "number" ? ", " + qsTrId("dbusbms_default").arg(configured.toFixed(decimals) + suffix) : ""
		return help + "\n" + range + usual
	}
	preferredVisible: dataItem.valid  // it would show 0
	writeAccessLevel: VenusOS.User_AccessType_User
	onSelectorAccepted: newValue => wish.watch(dataItem, newValue)

	DbusBms_Wish { id: wish }
}
