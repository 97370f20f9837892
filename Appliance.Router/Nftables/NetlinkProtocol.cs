namespace Appliance.Router.Nftables;

/// <summary>Numbers of linux/netlink.h, nfnetlink.h and nf_tables.h that this codec speaks.</summary>
internal static class NetlinkProtocol
{
    public const int HeaderLength = 16;
    public const int FamilyHeaderLength = 4;
    public const int AttributeHeaderLength = 4;

    // linux/netlink.h
    public const ushort Nothing = 1;
    public const ushort Error = 2;
    public const ushort Done = 3;
    public const ushort Request = 0x1;
    public const ushort Acknowledge = 0x4;
    public const ushort DumpInterrupted = 0x10;
    public const ushort Exclusive = 0x200;
    public const ushort Dump = 0x300;
    public const ushort Create = 0x400;
    public const ushort Capped = 0x100;
    public const ushort AcknowledgeAttributes = 0x200;
    public const ushort Nested = 0x8000;
    public const ushort AttributeTypeMask = 0x3FFF;
    public const ushort ErrorText = 1;
    public const ushort ErrorOffset = 2;

    // linux/netfilter/nfnetlink.h
    public const ushort BatchBegin = 0x10;
    public const ushort BatchEnd = 0x11;
    public const ushort NftablesSubsystem = 10;
    public const ushort ConntrackSubsystem = 1;
    public const ushort LogSubsystem = 4;

    // linux/netfilter/nfnetlink_log.h
    public const ushort LoggedPacket = LogSubsystem << 8;
    public const ushort LogConfiguration = (LogSubsystem << 8) | 1;

    // linux/netfilter/nfnetlink_conntrack.h; what is there already comes as new, too.
    public const ushort NewConnection = ConntrackSubsystem << 8;
    public const ushort GetConnection = (ConntrackSubsystem << 8) | 1;
    public const ushort DeleteConnection = (ConntrackSubsystem << 8) | 2;
    public const int NewConnections = 1;
    public const int EndedConnections = 3;

    // linux/netfilter/nf_tables.h; the subsystem is the high byte of a message's type.
    public const ushort NewTable = NftablesSubsystem << 8;
    public const ushort GetTable = (NftablesSubsystem << 8) | 1;
    public const ushort GetSet = (NftablesSubsystem << 8) | 10;
    public const ushort NewElement = (NftablesSubsystem << 8) | 12;
    public const ushort GetElement = (NftablesSubsystem << 8) | 13;
    public const ushort DeleteElement = (NftablesSubsystem << 8) | 14;
    public const ushort NewGeneration = (NftablesSubsystem << 8) | 15;
    public const ushort GetGeneration = (NftablesSubsystem << 8) | 16;
    public const ushort NewObject = (NftablesSubsystem << 8) | 18;
    public const ushort GetObject = (NftablesSubsystem << 8) | 19;
    // Since kernel 6.3: deletes, and is content when there is nothing to delete.
    public const ushort DestroyElement = (NftablesSubsystem << 8) | 30;

    public const int RulesetChanges = 7;

    public const byte FamilyUnspecified = 0;
    public const byte FamilyInet = 1;
    public const byte FamilyIPv4 = 2;
    public const byte FamilyIPv6 = 10;
}
