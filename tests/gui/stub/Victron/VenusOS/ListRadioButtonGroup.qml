import QtQuick
ListNavigation {
	readonly property VeQuickItem dataItem: VeQuickItem { }
	property var optionModel: []
	signal optionClicked(index: int)
	secondaryText: {
		for (const option of optionModel)
			if (option.value === dataItem.value) return option.display
		return "Unknown"
	}
	function choose(index) {
		if (writeAccessLevel !== VenusOS.User_AccessType_User) return
		dataItem.setValue(optionModel[index].value)
		optionClicked(index)
	}
}
