terraform {
  encryption {
    key_provider "aws_kms" "key" {
      kms_key_id = var.key
      region     = "us-east-1"
      key_spec   = "AES_256"
    }
    method "aes_gcm" "state" {
      keys = key_provider.aws_kms.key
    }
    state {
      method   = method.aes_gcm.state
      enforced = true
    }
  }
}

variable "key" {
  type = string
}

resource "terraform_data" "secret" {
  input = "hello"
}
