import QtQuick
QtObject {
	enum FilterType { NoFilter, HasValue }
	property int filterType
	default property list<QtObject> objects
	readonly property string text: {
		const texts = []
		for (let i = 0; i < objects.length; ++i)
			if (filterType === QuantityObjectModel.NoFilter || objects[i].hasValue) texts.push(objects[i].textValue)
		return texts.join(" | ")
	}
}
