import QtQuick
ListSetting {
	readonly property VeQuickItem dataItem: VeQuickItem { }
	property var valueTrue: 1
	property var valueFalse: 0
	property bool invertSourceValue
	property bool updateDataOnClick: true
	property string secondaryText
	property bool checked: invertSourceValue ? dataItem.value === valueFalse : dataItem.value === valueTrue
	signal clicked
	interactive: dataItem.uid === "" || dataItem.valid
	shown: checked ? "[on]" : "[off]"
	function click() {
		if (!interactive || writeAccessLevel !== VenusOS.User_AccessType_User) return
		if (updateDataOnClick) dataItem.setValue(checked !== invertSourceValue ? valueFalse : valueTrue)
		clicked()
	}
}
