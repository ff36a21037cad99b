import QtQuick
import Victron.VenusOS

// A switch that is on while a flag of the driver is 0, and says so when the driver refuses.
ListSwitch {
	id: root

	invertSourceValue: true
	updateDataOnClick: false
	writeAccessLevel: VenusOS.User_AccessType_User
	onClicked: {
		const wished = dataItem.value === 1 ? 0 : 1
		dataItem.setValue(wished)
		wish.watch(dataItem, wished)
	}

	DbusBms_Wish { id: wish }
}
