import QtQuick
ListSetting { property QuantityObjectModel model; shown: model ? model.text : "" }
