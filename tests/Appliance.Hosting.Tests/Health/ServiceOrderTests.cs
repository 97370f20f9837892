using Appliance.Hosting.Health;

namespace Appliance.Hosting.Tests.Health;

public sealed class ServiceOrderTests
{
    private const string Notify = "/run/systemd/notify";

    [Theory]
    [InlineData(Notify, "60000000", "4711", 60)]
    [InlineData(Notify, "500000", null, 0.5)]
    [InlineData("@notify", "60000000", "", 60)]
    public void Order_names_the_socket_and_the_period(string socket, string period, string? process, double seconds) =>
        Assert.Equal(new ServiceOrder(socket, TimeSpan.FromSeconds(seconds)), Read(socket, period, process));

    [Theory]
    [InlineData(null, "4711")]
    [InlineData("0", "4711")]
    [InlineData("-1", "4711")]
    [InlineData("9223372036854775807", "4711")]
    [InlineData("soon", "4711")]
    [InlineData("60000000", "4712")]
    public void No_sign_of_life_is_asked_for_without_a_period_or_of_another_process(string? period, string? process) =>
        Assert.Equal(new ServiceOrder(Notify, TimeSpan.Zero), Read(Notify, period, process));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Nobody_is_told_where_no_socket_is_named(string? socket) => Assert.Equal("", Read(socket, "60000000", "4711").Socket);

    private static ServiceOrder Read(string? socket, string? period, string? process) => ServiceOrder.From(
        key => key switch
        {
            ServiceOrder.SocketKey => socket,
            ServiceOrder.PeriodKey => period,
            ServiceOrder.ProcessKey => process,
            _ => null,
        },
        4711);
}
