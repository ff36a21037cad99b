import QtQuick
QtObject {
	enum Units_Type { Units_None = 0, Units_Amp = 1, Units_Volt_DC = 2, Units_Percentage = 3, Units_Energy_KiloWattHour = 4 }
	enum User_AccessType { User_AccessType_User, User_AccessType_Installer, User_AccessType_SuperUser, User_AccessType_Service }
	enum Notification_Type { Notification_Warning, Notification_Alarm, Notification_Info }
}
