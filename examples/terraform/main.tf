# Deploys the functions that `npm run package` packaged. The manifest contains everything that depends on an operation.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
  }
}

variable "build_folder" {
  description = "Folder into which `npm run package` writes the zips and the manifest."
  type        = string
  default     = "../../.build"
}

variable "log_retention_days" {
  description = "Number of days to retain the function logs."
  type        = number
  default     = 30
}

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  # Replaces the manifest's placeholders. No value in the manifest contains other text of this form.
  manifest_text = replace(replace(replace(
    file("${var.build_folder}/manifest.json"),
    "$${AWS::Partition}", data.aws_partition.current.partition),
    "$${AWS::Region}", data.aws_region.current.region),
  "$${AWS::AccountId}", data.aws_caller_identity.current.account_id)
  manifest  = jsondecode(local.manifest_text)
  name      = "kms-functions-${local.manifest.stage}"
  functions = { for function in local.manifest.functions : function.name => function }
  routes = merge([
    for function in local.manifest.functions : { for route in function.routes : route => function.name }
  ]...)
  uses_tokens = local.manifest.authorization.type == "JWT"
}

resource "aws_cloudwatch_log_group" "functions" {
  name              = "/kms-functions/${local.manifest.stage}"
  retention_in_days = var.log_retention_days
}

resource "aws_iam_role" "function" {
  for_each = local.functions

  name_prefix = substr("${local.name}-${each.key}-", 0, 38)
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "function" {
  for_each = local.functions

  name   = "operation"
  role   = aws_iam_role.function[each.key].id
  policy = jsonencode(each.value.policy)
}

resource "aws_lambda_function" "function" {
  for_each = local.functions

  function_name    = each.value.functionName
  description      = each.value.description
  filename         = "${var.build_folder}/${each.value.zip}"
  source_code_hash = filebase64sha256("${var.build_folder}/${each.value.zip}")
  handler          = each.value.handler
  runtime          = each.value.runtime
  architectures    = [each.value.architecture]
  memory_size      = each.value.memoryMb
  timeout          = each.value.timeoutSeconds
  role             = aws_iam_role.function[each.key].arn

  environment {
    variables = each.value.environment
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.functions.name
  }

  dynamic "vpc_config" {
    for_each = try([each.value.vpc], [])
    content {
      subnet_ids         = vpc_config.value.subnetIds
      security_group_ids = vpc_config.value.securityGroupIds
    }
  }

  depends_on = [aws_iam_role_policy.function]
}

# Only API Gateway may invoke this alias. The functions reject HTTP events that arrive any other way.
resource "aws_lambda_alias" "gateway" {
  for_each = local.functions

  name             = local.manifest.alias
  function_name    = aws_lambda_function.function[each.key].function_name
  function_version = "$LATEST"
}

resource "aws_iam_role" "gateway" {
  name_prefix = substr("${local.name}-gateway-", 0, 38)
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "apigateway.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "gateway" {
  name = "invoke"
  role = aws_iam_role.gateway.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = [for alias in aws_lambda_alias.gateway : alias.arn]
    }]
  })
}

resource "aws_apigatewayv2_api" "api" {
  name          = local.name
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_authorizer" "jwt" {
  count = local.uses_tokens ? 1 : 0

  api_id           = aws_apigatewayv2_api.api.id
  name             = "jwt"
  authorizer_type  = "JWT"
  identity_sources = [local.manifest.authorization.identitySource]

  jwt_configuration {
    issuer   = local.manifest.authorization.issuer
    audience = local.manifest.authorization.audience
  }
}

resource "aws_apigatewayv2_integration" "function" {
  for_each = local.functions

  api_id                 = aws_apigatewayv2_api.api.id
  integration_type       = "AWS_PROXY"
  integration_uri        = each.value.integrationArn
  credentials_arn        = aws_iam_role.gateway.arn
  payload_format_version = "2.0"

  depends_on = [aws_lambda_alias.gateway]
}

resource "aws_apigatewayv2_route" "route" {
  for_each = local.routes

  api_id               = aws_apigatewayv2_api.api.id
  route_key            = each.key
  target               = "integrations/${aws_apigatewayv2_integration.function[each.value].id}"
  authorization_type   = local.manifest.authorization.type
  authorizer_id        = local.uses_tokens ? aws_apigatewayv2_authorizer.jwt[0].id : null
  authorization_scopes = local.uses_tokens ? local.functions[each.value].scopes : null
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.api.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit  = 100
    throttling_burst_limit = 200
  }

  dynamic "route_settings" {
    for_each = local.manifest.requestsPerSecond
    content {
      route_key              = route_settings.key
      throttling_rate_limit  = route_settings.value
      throttling_burst_limit = max(1, floor(route_settings.value))
    }
  }

  depends_on = [aws_apigatewayv2_route.route]
}

output "api_url" {
  value = aws_apigatewayv2_api.api.api_endpoint
}
