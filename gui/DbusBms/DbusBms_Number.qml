import QtQuick
import Victron.VenusOS

// A number that may be changed within the driver's range, which stands below it.
ListSpinBox {
	id: root

	property string help

	//: %1 and %2: ends of a range, with its unit behind the second one
	//% "%1 to %2, as far as config.ini allows"
	caption: help !== "" || isNaN(dataItem.max) ? help
			: qsTrId("dbusbms_range").arg(dataItem.min.toFixed(decimals)).arg(dataItem.max.toFixed(decimals) + suffix)
	writeAccessLevel: VenusOS.User_AccessType_User
	onSelectorAccepted: newValue => wish.watch(dataItem, newValue)

	DbusBms_Wish { id: wish }
}
