using System.ComponentModel.DataAnnotations;
using Appliance.Bmc.Slots;
using Appliance.Hosting;

namespace Appliance.Bmc.Tests.Slots;

public sealed class SlotLabelTests
{
    [Fact]
    public void Roles_answer_at_their_own_ports_unless_another_is_given()
    {
        var label = new SlotLabel { Node = "192.0.2.12", Roles = ["logger", "bmc:17446"] };

        var addresses = label.NodeAddresses();

        Assert.Equal(
            [(Role.Logger, "https://192.0.2.12:7444/"), (Role.Bmc, "https://192.0.2.12:17446/")],
            addresses.Select(address => (address.Role, address.Address.ToString())));
    }

    [Fact]
    public void Address_of_six_bytes_groups_is_put_in_brackets()
    {
        var label = new SlotLabel { Node = "2001:db8::12", Roles = ["router"] };

        Assert.Equal("https://[2001:db8::12]:7443/", Assert.Single(label.NodeAddresses()).Address.ToString());
    }

    [Theory]
    [InlineData("192.0.2.12", "printer", "'printer' is none of router, logger, detector, bmc, nor one of them with a port, such as logger:17444")]
    [InlineData("192.0.2.12", "router:0", "'router:0' is none of router, logger, detector, bmc, nor one of them with a port, such as logger:17444")]
    [InlineData("192.0.2.12", null, "stands without Roles; name the roles that the node serves")]
    [InlineData("node..1", "router", "must be a host name or an address, without a port")]
    public void Node_that_cannot_be_asked_is_refused(string node, string? role, string fault)
    {
        var label = new SlotLabel { Node = node, Roles = role is null ? [] : [role] };

        var faults = label.Validate(new ValidationContext(label));

        Assert.Equal(fault, Assert.Single(faults).ErrorMessage);
    }

    [Fact]
    public void Slot_that_does_not_exist_cannot_be_needed()
    {
        var label = new SlotLabel { After = [2, 5] };

        var faults = label.Validate(new ValidationContext(label));

        Assert.Equal("must name slots, from 1 to 4", Assert.Single(faults).ErrorMessage);
    }
}
