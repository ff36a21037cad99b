import QtQuick
ListSetting {
	readonly property VeQuickItem dataItem: VeQuickItem { }
	property int unit
	property int decimals: -1
	property real value: dataItem.valid ? dataItem.value : NaN
	shown: Units.show(isNaN(value) ? undefined : value, unit, decimals)
}
