using Appliance.Router.Nftables;

namespace Appliance.Router.Tests.Nftables;

public sealed class KernelRightsTests
{
    private const ulong NetAdmin = 1ul << 12;
    private const ulong SysAdmin = 1ul << 21;

    [Fact]
    public void Effective_capabilities_are_read()
    {
        Assert.Equal(0x000001fffeffffffUL, KernelRights.ReadEffective("Name:\tx\nCapPrm:\t0000000000000000\nCapEff:\t000001fffeffffff\n"));
        Assert.Equal(0UL, KernelRights.ReadEffective("Name:\tx\n"));
    }

    [Theory]
    [InlineData(0UL, false, "CAP_NET_ADMIN")]
    [InlineData(SysAdmin, true, "CAP_NET_ADMIN")]
    [InlineData(NetAdmin, true, "CAP_SYS_ADMIN")]
    public void What_is_missing_is_named(ulong capabilities, bool needsNamespace, string named)
    {
        Assert.Contains(named, KernelRights.Missing(needsNamespace, capabilities, _ => true));
    }

    [Fact]
    public void Absent_tool_is_named_by_its_path()
    {
        Assert.Contains(NftProgram.NftPath, KernelRights.Missing(needsNamespace: false, NetAdmin, _ => false));
        Assert.Contains(NftProgram.NsenterPath, KernelRights.Missing(needsNamespace: true, NetAdmin | SysAdmin, path => path != NftProgram.NsenterPath));
    }

    [Theory]
    [InlineData(NetAdmin, false)]
    [InlineData(NetAdmin | SysAdmin, true)]
    public void Nothing_is_missing_where_all_is_there(ulong capabilities, bool needsNamespace)
    {
        Assert.Null(KernelRights.Missing(needsNamespace, capabilities, _ => true));
    }
}
