namespace Appliance.Router.Devices;

/// <summary>What speaks for which kind. Service names are those of IANA's registry, device types those of the UPnP forum.</summary>
internal static class KindRules
{
    public const string Camera = "camera";
    public const string Printer = "printer";
    public const string Television = "television";
    public const string Speaker = "speaker";
    public const string Phone = "phone";
    public const string Computer = "computer";
    public const string Storage = "storage";
    public const string Light = "light";
    public const string Plug = "plug";
    public const string Sensor = "sensor";
    public const string Hub = "hub";
    public const string Router = "router";

    // A service is what the device does; a name is what somebody calls it; a maker makes many kinds.
    private const int Does = 4;
    private const int Says = 3;
    private const int Called = 2;
    private const int Made = 1;

    public static IReadOnlyList<KindRule> All { get; } =
    [
        .. Of(TraitSource.MdnsService, Does, Printer, "_ipp._tcp", "_ipps._tcp", "_printer._tcp", "_pdl-datastream._tcp", "_uscan._tcp"),
        .. Of(TraitSource.MdnsService, Does, Camera, "_rtsp._tcp", "_axis-video._tcp", "_onvif._tcp"),
        .. Of(TraitSource.MdnsService, Does, Television, "_androidtvremote2._tcp", "_viziocast._tcp", "_mediaremotetv._tcp"),
        .. Of(TraitSource.MdnsService, Says, Speaker, "_sonos._tcp", "_spotify-connect._tcp", "_raop._tcp"),
        .. Of(TraitSource.MdnsService, Called, Television, "_googlecast._tcp", "_airplay._tcp"),
        .. Of(TraitSource.MdnsService, Does, Storage, "_adisk._tcp", "_nfs._tcp", "_smb._tcp", "_afpovertcp._tcp"),
        .. Of(TraitSource.MdnsService, Does, Hub, "_hue._tcp", "_home-assistant._tcp", "_matterc._udp"),
        .. Of(TraitSource.MdnsService, Does, Phone, "_apple-mobdev2._tcp"),
        .. Of(TraitSource.MdnsService, Called, Computer, "_workstation._tcp", "_rfb._tcp"),
        .. Of(TraitSource.HomeKitCategory, Does, Hub, "bridge"),
        .. Of(TraitSource.HomeKitCategory, Does, Light, "lightbulb"),
        .. Of(TraitSource.HomeKitCategory, Does, Plug, "outlet"),
        .. Of(TraitSource.HomeKitCategory, Does, Sensor, "thermostat", "sensor"),
        .. Of(TraitSource.HomeKitCategory, Does, Camera, "IP camera", "video doorbell"),
        .. Of(TraitSource.HomeKitCategory, Does, Speaker, "speaker"),
        .. Of(TraitSource.HomeKitCategory, Does, Television, "television"),
        .. Of(TraitSource.MdnsModel, Says, Hub, "BSB00", "DCH-G0"),
        .. Of(TraitSource.MdnsModel, Says, Camera, "DCS-", "Network Camera"),
        .. Of(TraitSource.MdnsModel, Says, Plug, "DSP-W"),
        .. Of(TraitSource.MdnsModel, Says, Speaker, "AudioAccessory", "Google Home", "Nest Mini", "Sonos"),
        .. Of(TraitSource.MdnsModel, Says, Television, "Chromecast", "AppleTV", "BRAVIA"),
        .. Of(TraitSource.MdnsModel, Says, Computer, "MacBook", "Macmini", "iMac"),
        .. Of(TraitSource.MdnsModel, Says, Printer, "LaserJet", "OfficeJet", "DeskJet", "EPSON", "Brother "),
        .. Of(TraitSource.SsdpDevice, Does, Router, ":InternetGatewayDevice:", ":WANDevice:", ":WLANAccessPointDevice:"),
        .. Of(TraitSource.SsdpDevice, Does, Printer, ":Printer:"),
        .. Of(TraitSource.SsdpDevice, Does, Camera, ":DigitalSecurityCamera:"),
        .. Of(TraitSource.SsdpDevice, Does, Storage, ":MediaServer:"),
        .. Of(TraitSource.SsdpDevice, Says, Television, ":MediaRenderer:", ":tvdevice:", ":dial:"),
        .. Of(TraitSource.SsdpDevice, Does, Speaker, ":ZonePlayer:"),
        .. Of(TraitSource.SsdpDevice, Does, Light, ":BinaryLight:", ":DimmableLight:"),
        .. Of(TraitSource.SsdpDevice, Does, Plug, "urn:Belkin:device:controllee", "urn:Belkin:device:insight"),
        .. Of(TraitSource.DhcpServer, Does, Router, ""),
        .. Of(TraitSource.DhcpVendorClass, Says, Phone, "android-dhcp"),
        .. Of(TraitSource.DhcpVendorClass, Says, Computer, "MSFT 5.0"),
        .. Of(TraitSource.DhcpVendorClass, Says, Printer, "JetDirect", "Mfg=HP", "EPSON", "Brother"),
        .. Of(TraitSource.HttpUserAgent, Says, Phone, "iPhone", "Android"),
        .. Of(TraitSource.HttpUserAgent, Says, Computer, "Windows NT", "Macintosh"),
        .. Names(Camera, "cam", "camera", "ipcam", "webcam", "doorbell"),
        .. Names(Printer, "printer", "laserjet", "officejet", "deskjet"),
        .. Names(Television, "tv", "chromecast", "roku", "firetv"),
        .. Names(Speaker, "speaker", "sonos", "echo", "homepod"),
        .. Names(Phone, "phone", "iphone", "android", "galaxy", "pixel"),
        .. Names(Computer, "laptop", "desktop", "macbook", "imac", "pc"),
        .. Names(Storage, "nas", "diskstation", "synology", "qnap"),
        .. Names(Light, "bulb", "light", "lamp", "led"),
        .. Names(Plug, "plug", "outlet", "socket"),
        .. Names(Sensor, "sensor", "thermo", "thermostat", "door", "motion"),
        .. Names(Hub, "hub", "bridge", "homeassistant"),
        .. Names(Router, "router", "gateway", "fritz"),
        .. Of(TraitSource.Vendor, Says, Camera, "Hikvision", "Dahua", "Axis Communications", "Reolink", "Arlo"),
        .. Of(TraitSource.Vendor, Says, Speaker, "Sonos"),
        .. Of(TraitSource.Vendor, Says, Light, "Signify", "Philips Lighting", "LIFX"),
        .. Of(TraitSource.Vendor, Says, Storage, "Synology", "QNAP"),
        .. Of(TraitSource.Vendor, Called, Printer, "Brother Industries", "Seiko Epson", "Lexmark"),
        .. Of(TraitSource.Vendor, Called, Router, "AVM", "Ubiquiti", "Mikrotik", "Routerboard"),
        .. Of(TraitSource.Vendor, Made, Plug, "Tuya", "Shelly", "Allterco"),
    ];

    private static IEnumerable<KindRule> Of(TraitSource source, int weight, string kind, params string[] words) =>
        words.Select(word => new KindRule(source, word, kind, weight));

    private static IEnumerable<KindRule> Names(string kind, params string[] words) =>
    [
        .. Of(TraitSource.DhcpName, Called, kind, words),
        .. Of(TraitSource.LeaseName, Called, kind, words),
        .. Of(TraitSource.MdnsName, Called, kind, words),
    ];
}
