import QtQuick
ListSetting {
	readonly property VeQuickItem dataItem: VeQuickItem { }
	property string secondaryText: dataItem.valid ? dataItem.value : ""
	shown: secondaryText
}
